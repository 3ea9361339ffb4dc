// Printed by tools/derive/emit.py; do not edit.
/// Amplitude of the vector mediator.
#pragma once

#include "pheno/kinematics.hpp"

namespace pheno {

/// Lepton tensor of l N -> l N X for the vector mediator, g V_mu lbar gamma^mu l.
///
///   L = { [-16 (2 m^2 + m_X^2)] PD^2
///         + t PP ( [4 (2 m^2 + m_X^2)] (s+U)^2 ) } / (sU)^2
///       + { [16] (G1 + G2) } / (sU)
///
/// The sum over all spins of |ubar(p') Gamma.P u(p)|^2 at g = 1; stripped are g^2, the nuclear vertex and the
/// photon propagator. Equal to the Dirac traces identically (tools/derive/bremsstrahlung.py).
/// Weizsaecker-Williams limit: J. D. Bjorken et al., arXiv:0906.0580; Y.-S. Liu, G. A. Miller, arXiv:1705.01633.
///
/// @param v    point of phase space; reads s, U, t, PP, PD and the Gram determinants of tools/derive [GeV^n]
/// @param m    lepton mass [GeV]
/// @param m_X  mediator mass [GeV]
/// @return     L [GeV^2]
template <class Real>
[[nodiscard]] inline Real vector_squared(
    const Point<Real>& v, Real m, Real m_X) noexcept {
    const Real s = v.s;
    const Real U = v.U;
    const Real t = v.t;
    const Real PP = v.PP;
    const Real PD = v.PD;
    const Real G1 = v.G1;
    const Real G2 = v.G2;
    const Real x0 = m*m;
    const Real x1 = m_X*m_X;
    const Real x2 = 1/(U*s);
    return x2*(16*G1 + 16*G2 + x2*(PD*PD*(-32*x0 - 16*x1) + PP*t*(U + s)*(U + s)*(8*x0 + 4*x1)));
}

}  // namespace pheno
