/// The mediators, a closed set, and the couplings of the one that has more than one.
#pragma once

#include <cstdint>

namespace pheno {

enum class Mediator : std::uint8_t { scalar, pseudoscalar, vector, axial_vector, tensor };

/// Couplings c_i/Lambda of the tensor to the energy-momentum tensors of lepton, photon and nucleus, in
/// units of 1/Lambda. Only equal couplings have a conserved source.
template <class Real>
struct TensorCouplings {
    Real c_l{1};
    Real c_gamma{1};
    Real c_N{1};
};

}  // namespace pheno
