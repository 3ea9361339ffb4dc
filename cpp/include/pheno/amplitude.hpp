/// Lepton tensors of l N -> l N X, one generated function per mediator.
///
///   L = sum over all spins |ubar(p') Gamma.P u(p)|^2,
///   (1/2) sum |M|^2 = (1/2) (4 pi alpha)^2 Z^2 F^2(t)/t^2 g^2 L
///
/// at unit coupling: g for spin 0 and 1, 1/Lambda for the tensor. The functions are printed by tools/derive;
/// they know no phase space and no nucleus beyond the invariants in Point.
#pragma once

#include "axial_vector.hpp"
#include "lepton_forms.hpp"
#include "pheno/kinematics.hpp"
#include "pheno/mediator.hpp"
#include "pseudoscalar.hpp"
#include "scalar.hpp"
#include "tensor.hpp"
#include "vector.hpp"

namespace pheno {

/// L of a mediator known at compile time.
///
/// @param v          point of phase space
/// @param m          lepton mass [GeV]
/// @param m_X        mediator mass [GeV]
/// @param couplings  read by the tensor only; universal unless given
/// @return           L [GeV^2] for spin 0 and 1, [GeV^4] for the tensor
template <Mediator mediator, class Real>
[[nodiscard]] inline Real squared_amplitude(const Point<Real>& v, Real m, Real m_X,
                                            [[maybe_unused]] const TensorCouplings<Real>& couplings = {
                                                Real(1), Real(1), Real(1)}) noexcept {
    if constexpr (mediator == Mediator::scalar) {
        return scalar_squared(v, m, m_X);
    } else if constexpr (mediator == Mediator::pseudoscalar) {
        return pseudoscalar_squared(v, m, m_X);
    } else if constexpr (mediator == Mediator::vector) {
        return vector_squared(v, m, m_X);
    } else if constexpr (mediator == Mediator::axial_vector) {
        return axial_vector_squared(v, m, m_X);
    } else {
        static_assert(mediator == Mediator::tensor, "a new mediator needs its amplitude here");
        return tensor_squared(v, m, m_X, couplings);
    }
}

/// The same L of spin 0 or 1 by its coefficients.
template <Mediator mediator, class Real>
[[nodiscard]] inline LeptonForm<Real> lepton_form(Real m, Real m_X) noexcept {
    if constexpr (mediator == Mediator::scalar) {
        return scalar_form(m, m_X);
    } else if constexpr (mediator == Mediator::pseudoscalar) {
        return pseudoscalar_form(m, m_X);
    } else if constexpr (mediator == Mediator::vector) {
        return vector_form(m, m_X);
    } else {
        static_assert(mediator == Mediator::axial_vector, "the tensor has no such form");
        return axial_vector_form(m, m_X);
    }
}

}  // namespace pheno
