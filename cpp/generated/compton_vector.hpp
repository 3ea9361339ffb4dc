// Printed by tools/derive/emit.py; do not edit.
/// Real-photon amplitude of the vector mediator.
#pragma once

#include "pheno/compton_point.hpp"

namespace pheno {

/// l gamma -> l X for the vector mediator, g V_mu lbar gamma^mu l.
///
///   L = [8] (s-U)^2/(sU) + [-16 (2 m^2 + m_X^2)] W/(sU)^2 + 16
///
/// The sum over all spins, initial and final, of |M|^2 at unit coupling; stripped are e^2 and the coupling
/// squared. Equal to the Dirac traces identically (tools/derive/compton.py).
/// Small-angle form: J. D. Bjorken et al., arXiv:0906.0580; Y.-S. Liu, G. A. Miller, arXiv:1705.01633.
///
/// @param v    point of the 2 -> 2 process
/// @param m    lepton mass [GeV]
/// @param m_X  mediator mass [GeV]
/// @return     L [1]
template <class Real>
[[nodiscard]] inline Real compton_vector_squared(
    const ComptonPoint<Real>& v, Real m, Real m_X) noexcept {
    const Real s = v.s;
    const Real U = v.U;
    const Real W = v.W;
    const Real qk2 = v.qk2;
    const Real x0 = 1/(U*s);
    return x0*(W*x0*(-32*m*m - 16*m_X*m_X) + 8*qk2*qk2) + 16;
}

}  // namespace pheno
