// Printed by tools/derive/emit.py; do not edit.
/// Real-photon amplitude of the axial vector mediator.
#pragma once

#include "pheno/compton_point.hpp"

namespace pheno {

/// l gamma -> l X for the axial vector mediator, g A_mu lbar gamma^mu gamma5 l.
///
///   L = [8 (2 m^2 + m_X^2)/m_X^2] (s-U)^2/(sU) + [16 (2 m - m_X) (2 m + m_X)] W/(sU)^2 + 16
///
/// The sum over all spins, initial and final, of |M|^2 at unit coupling; stripped are e^2 and the coupling
/// squared. Equal to the Dirac traces identically (tools/derive/compton.py).
/// Small-angle form: Y.-S. Liu, G. A. Miller, arXiv:1705.01633.
///
/// @param v    point of the 2 -> 2 process
/// @param m    lepton mass [GeV]
/// @param m_X  mediator mass [GeV]
/// @return     L [1]
template <class Real>
[[nodiscard]] inline Real compton_axial_vector_squared(
    const ComptonPoint<Real>& v, Real m, Real m_X) noexcept {
    const Real s = v.s;
    const Real U = v.U;
    const Real W = v.W;
    const Real qk2 = v.qk2;
    const Real x0 = m*m;
    const Real x1 = m_X*m_X;
    const Real x2 = 1/(U*s);
    return x2*(W*x2*(64*x0 - 16*x1) + qk2*qk2*(16*x0/x1 + 8)) + 16;
}

}  // namespace pheno
