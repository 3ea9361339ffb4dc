/// Kinematics of l(p) gamma(q) -> l(p') X(k) with a real photon, built without cancellation.
#pragma once

namespace pheno {

/// The invariants that the amplitudes of l gamma -> l X read; metric +---.
template <class Real>
struct ComptonPoint {
    Real s;    ///< (p'+k)^2 - m^2 > 0 [GeV^2]
    Real U;    ///< m^2 - (p-k)^2 > 0 [GeV^2]
    Real t1;   ///< -(p-p')^2 = s - U - m_X^2 > 0 [GeV^2]
    Real W;    ///< -(s p' - U p)^2 = s U t1 - m^2 (s-U)^2 >= 0 [GeV^6]
    Real qk2;  ///< 2 q.k = s - U > 0 [GeV^2]
};

/// The point at which X carries the fraction x of the lepton's light-cone momentum.
///
///   x U = k_T^2 + m_X^2 (1-x) + m^2 x^2,  s = U/(1-x),  t1 = (k_T^2 + m^2 x^2)/(1-x),  W = [U k_T/(1-x)]^2
///
/// which are exact relations of the 2 -> 2 process, with x = 1 - U/s.
///
/// @param kT2   k_T^2 = x (U - U_min), U_min = m_X^2 (1-x)/x + m^2 x [GeV^2]
/// @param x     0 < x < 1
/// @param rest  1 - x
/// @param m     lepton mass [GeV]
/// @param m_X   mediator mass [GeV]
template <class Real>
[[nodiscard]] inline ComptonPoint<Real> compton_point(Real kT2, Real x, Real rest, Real m, Real m_X) noexcept {
    const Real recoil = m * m * x * x;
    const Real U = (kT2 + m_X * m_X * rest + recoil) / x;
    const Real s = U / rest;
    return {s, U, (kT2 + recoil) / rest, s * s * kT2, x * s};
}

}  // namespace pheno
