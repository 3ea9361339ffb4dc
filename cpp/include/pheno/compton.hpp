/// Squared amplitudes of l gamma -> l X with a real photon, one generated function per mediator.
///
///   sum over all spins |M|^2 = 4 pi alpha g^2 L,
///
/// both polarisations of the photon included; the average over the initial spins is a quarter of it. At unit
/// coupling: g for spin 0 and 1, 1/Lambda for the tensor.
#pragma once

#include "compton_axial_vector.hpp"
#include "compton_pseudoscalar.hpp"
#include "compton_scalar.hpp"
#include "compton_tensor.hpp"
#include "compton_vector.hpp"
#include "pheno/compton_point.hpp"
#include "pheno/mediator.hpp"

namespace pheno {

/// L of a mediator known at compile time.
///
/// @param v        point of the 2 -> 2 process
/// @param m        lepton mass [GeV]
/// @param m_X      mediator mass [GeV]
/// @param c_l      coupling to the lepton, read by the tensor only
/// @param c_gamma  coupling to the photon, read by the tensor only
/// @return         L [1] for spin 0 and 1, [GeV^2] for the tensor
template <Mediator mediator, class Real>
[[nodiscard]] inline Real compton_squared(const ComptonPoint<Real>& v, Real m, Real m_X,
                                          [[maybe_unused]] Real c_l = Real(1),
                                          [[maybe_unused]] Real c_gamma = Real(1)) noexcept {
    if constexpr (mediator == Mediator::scalar) {
        return compton_scalar_squared(v, m, m_X);
    } else if constexpr (mediator == Mediator::pseudoscalar) {
        return compton_pseudoscalar_squared(v, m, m_X);
    } else if constexpr (mediator == Mediator::vector) {
        return compton_vector_squared(v, m, m_X);
    } else if constexpr (mediator == Mediator::axial_vector) {
        return compton_axial_vector_squared(v, m, m_X);
    } else {
        static_assert(mediator == Mediator::tensor, "a new mediator needs its amplitude here");
        return compton_tensor_squared(v, m, m_X, c_l, c_gamma);
    }
}

}  // namespace pheno
