// Printed by tools/derive/emit.py; do not edit.
/// Amplitude of the pseudoscalar mediator.
#pragma once

#include "pheno/kinematics.hpp"

namespace pheno {

/// Lepton tensor of l N -> l N X for the pseudoscalar mediator, i g a lbar gamma5 l.
///
///   L = { [-8 m_X^2] PD^2
///         + t PP ( [2 m_X^2] (s+U)^2 ) } / (sU)^2
///       + { [8] Gk } / (sU)
///
/// The sum over all spins of |ubar(p') Gamma.P u(p)|^2 at g = 1; stripped are g^2, the nuclear vertex and the
/// photon propagator. Equal to the Dirac traces identically (tools/derive/bremsstrahlung.py).
/// Weizsaecker-Williams limit: Y.-S. Liu, G. A. Miller, arXiv:1705.01633.
///
/// @param v    point of phase space; reads s, U, t, PP, PD and the Gram determinants of tools/derive [GeV^n]
/// @param m    lepton mass [GeV]
/// @param m_X  mediator mass [GeV]
/// @return     L [GeV^2]
template <class Real>
[[nodiscard]] inline Real pseudoscalar_squared(
    const Point<Real>& v, Real /*m*/, Real m_X) noexcept {
    const Real s = v.s;
    const Real U = v.U;
    const Real t = v.t;
    const Real PP = v.PP;
    const Real PD = v.PD;
    const Real Gk = v.Gk;
    const Real x0 = m_X*m_X;
    const Real x1 = 1/(U*s);
    return x1*(8*Gk + x1*(-8*PD*PD*x0 + 2*PP*t*x0*(U + s)*(U + s)));
}

}  // namespace pheno
