/// The mediators: a closed set.
#pragma once

#include <cstdint>

namespace pheno {

enum class Mediator : std::uint8_t { scalar, pseudoscalar, vector, axial_vector, tensor };

}  // namespace pheno
