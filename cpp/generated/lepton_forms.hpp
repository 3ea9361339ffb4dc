// Printed by tools/derive/emit.py; do not edit.
/// Coefficients of the stable forms (tools/derive/bremsstrahlung.py), one function per mediator.
#pragma once

#include "pheno/lepton_form.hpp"

namespace pheno {

/// @param m    lepton mass [GeV]
/// @param m_X  mediator mass [GeV]
template <class Real>
[[nodiscard]] inline LeptonForm<Real> scalar_form(Real m, Real m_X) noexcept {
    const Real m2 = m*m;
    const Real X2 = m_X*m_X;
    return {Real(-8*X2 + 32*m2), Real(2*X2), Real(-8*m2), Real(8), Real(0)};
}

/// @param m    lepton mass [GeV]
/// @param m_X  mediator mass [GeV]
template <class Real>
[[nodiscard]] inline LeptonForm<Real> pseudoscalar_form(Real m, Real m_X) noexcept {
    static_cast<void>(m);
    const Real X2 = m_X*m_X;
    return {Real(-8*X2), Real(2*X2), Real(0), Real(8), Real(0)};
}

/// @param m    lepton mass [GeV]
/// @param m_X  mediator mass [GeV]
template <class Real>
[[nodiscard]] inline LeptonForm<Real> vector_form(Real m, Real m_X) noexcept {
    const Real m2 = m*m;
    const Real X2 = m_X*m_X;
    return {Real(-16*X2 - 32*m2), Real(4*X2 + 8*m2), Real(0), Real(0), Real(16)};
}

/// @param m    lepton mass [GeV]
/// @param m_X  mediator mass [GeV]
template <class Real>
[[nodiscard]] inline LeptonForm<Real> axial_vector_form(Real m, Real m_X) noexcept {
    const Real m2 = m*m;
    const Real X2 = m_X*m_X;
    return {Real(-16*X2 + 64*m2), Real(4*X2), Real(-16*m2), Real(32*m2/X2), Real(16)};
}

}  // namespace pheno
