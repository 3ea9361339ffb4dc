// Printed by tools/derive/emit.py; do not edit.
/// Real-photon amplitude of the tensor mediator.
#pragma once

#include "pheno/compton_point.hpp"

namespace pheno {

/// l gamma -> l G for the tensor, -(c/Lambda) G^{mu nu} T_{mu nu} with T of lepton and photon.
///
///   L = c_l c_gamma L_11 + (c_l - c_gamma) (c_l L_10 - c_gamma L_01)
///
/// in z = m_X^2/(s-U), r = t1/(s-U), y = W/(sU t1), h = 1 - y = m^2 (s-U)^2/(sU t1). Only the second term, which
/// vanishes with the divergence of the source, holds 1/m_X^4. For m = 0 and universal couplings
/// L = [4 sU + t1 m_X^2] [2 sU + t1^2 + m_X^4]/(sU t1).
///
/// The sum over all spins, initial and final, of |M|^2 at unit coupling; stripped are e^2 and the coupling
/// squared. Equal to the Dirac traces identically (tools/derive/compton.py).
///
/// @param v    point of the 2 -> 2 process
/// @param m    lepton mass [GeV]
/// @param m_X  mediator mass [GeV]
/// @param c_l, c_gamma  couplings to lepton and photon in units of 1/Lambda
/// @return     L [GeV^2]
template <class Real>
[[nodiscard]] inline Real compton_tensor_squared(
    const ComptonPoint<Real>& v, Real m, Real m_X, Real c_l, Real c_gamma) noexcept {
    const Real s = v.s;
    const Real U = v.U;
    const Real qk2 = v.qk2;
    const Real z = m_X*m_X/v.qk2;
    const Real r = v.t1/v.qk2;
    const Real y = v.W/(v.s*v.U*v.t1);
    const Real h = m*m*v.qk2*v.qk2/(v.s*v.U*v.t1);
    const Real x0 = 2*z;
    const Real x1 = qk2*qk2*qk2*(-r*x0*y + 1)/(U*s);
    const Real x2 = 1/r;
    const Real x3 = r*z;
    const Real x4 = 5*z;
    const Real x5 = x4 + 1;
    const Real x6 = r*r*r;
    const Real x7 = 4*z;
    const Real x8 = (Real(2)/3)*qk2;
    const Real x9 = r*r;
    const Real x10 = 6*h;
    const Real x11 = U*s/qk2;
    const Real x12 = z*z;
    const Real x13 = 1/x12;
    const Real x14 = (Real(4)/3)*x11;
    const Real x15 = z*z*z;
    const Real x16 = h*x12;
    return c_gamma*c_l*(x1*z + (Real(8)/3)*x11*x2*(12*h*x3 + y*(8*h*h*r*r*r*r - x10*x9 + 3)) + x2*x8*(h*(8*x3 + x5) + y*(h*x6*x7 - 9*x3 + 6))) + (-c_gamma + c_l)*(-c_gamma*x13*x2*(x14*(x10*x3 + y*(x12 + x7 + 1)) + x8*(6*x12 + x9)) + c_l*x13*(x1*x15 + x14*(h*x0*(1 - x0)*(1 - x0)*(-2*x9*y + 3) + y*(-16*x16*x6*y + x5)) + x8*(9*x15 + x3*y*(4*r*x16 + x4 + 2) + x6)));
}

}  // namespace pheno
