/// Amplitudes as the integrators want them: what they are made of, and where their poles are.
#pragma once

#include "pheno/amplitude.hpp"

namespace pheno {

/// Spin 0 and 1.  The only pole in the direction of k is the one at U = 0, of second order.
template <Mediator mediator>
struct SpinZeroOneAmplitude {
    static constexpr bool has_t1_pole = false;
    static constexpr int evaluations_per_average = 2;  ///< over the azimuth about Q

    [[nodiscard]] double at(const Reaction<double>& c, const Point<double>& v) const noexcept {
        return squared_amplitude<mediator>(v, c.m, c.m_X);
    }
};

/// Spin 2: poles at U = 0 and at t1 = 0, and nuclear propagators.
struct TensorAmplitude {
    TensorCouplings<double> couplings{1.0, 1.0, 1.0};
    /// Unequal couplings only: leave out what the non-conserved part of the source adds.
    bool conserved_part_only = false;

    static constexpr bool has_t1_pole = true;
    static constexpr int evaluations_per_average = 4;  ///< over the azimuth about Q

    [[nodiscard]] bool conserved() const noexcept {
        return conserved_part_only || (couplings.lepton == couplings.photon && couplings.photon == couplings.nucleus);
    }

    [[nodiscard]] double at(const Reaction<double>& c, const Point<double>& v) const noexcept {
        if (conserved()) return detail::tensor_squared<true>(v, c.m, c.m_X, couplings);
        return detail::tensor_squared<false>(v, c.m, c.m_X, couplings);
    }
};

}  // namespace pheno
