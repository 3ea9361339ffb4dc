/// One exact-tree-level process: reaction, atom and amplitude.
#pragma once

#include "pheno/form_factor.hpp"
#include "pheno/kinematics.hpp"

namespace pheno {

template <class Amplitude>
struct EtlProcess {
    Reaction<double> reaction;
    FormFactor form_factor;
    Amplitude amplitude;
};

namespace etl {

inline constexpr double pi = 3.14159265358979323846;

}  // namespace etl

}  // namespace pheno
