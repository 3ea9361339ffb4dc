/// What every integral of the core returns.  Nothing throws; nothing is dropped.
#pragma once

#include <cstdint>

namespace pheno {

enum class Status : std::uint8_t {
    converged,      ///< the error estimate is below the requested tolerance (also: closed, exactly 0)
    not_converged,  ///< the finest rule was reached first
    not_finite      ///< the integrand was not finite somewhere
};

struct Estimate {
    double value = 0.0;             ///< the integral
    double error = 0.0;             ///< a-posteriori absolute error
    std::int64_t evaluations = 0;   ///< number of integrand evaluations
    Status status = Status::converged;
};

}  // namespace pheno
