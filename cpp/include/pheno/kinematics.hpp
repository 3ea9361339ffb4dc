/// Kinematics of l(p) + N(P_i) -> l(p') + N(P_f) + X(k), built without cancellation.
///
/// Laboratory frame, nucleus at rest, beam along z, metric +---.  q = P_i - P_f, t = -q^2 > 0,
/// Q = p + q = p' + k, T = t/(2M) the kinetic energy of the recoiling nucleus.
///
/// A phase-space point is (E_X, t, z, phi):
///   z   = s - s0(E_X, t) >= 0, where s = (p'+k)^2 - m^2 and s0 is reached when k and p' are parallel;
///   phi = azimuth of k about Q, measured from the half-plane that holds p (phi = 0: k closest to p).
///
/// At 100 GeV and m_X = 1 MeV, t_min is 1e-17 GeV^2 and amplitudes built from four-momenta in double
/// precision have no correct digit.  Here every difference of nearly equal numbers (E - p, 1 - cos,
/// |q| - |q|_min, ...) is replaced by the quotient it equals; docs/accuracy holds the measured error.
#pragma once

#include <algorithm>
#include <cmath>

namespace pheno {

/// What collides: masses and beam energy [GeV].
template <class Real>
struct Reaction {
    Real m;    ///< lepton mass
    Real M;    ///< nuclear mass
    Real m_X;  ///< mediator mass
    Real E;    ///< beam energy
    Real p;    ///< beam momentum
};

template <class Real>
[[nodiscard]] inline Reaction<Real> make_reaction(Real m, Real M, Real m_X, Real E) noexcept {
    using std::sqrt;
    return {m, M, m_X, E, sqrt((E - m) * (E + m))};
}

/// Fixed mediator energy.  Made from the recoil kinetic energy w = E - E_X - m (exact as x -> 1)
/// or from the mediator's kinetic energy E_X - m_X (exact as x -> m_X/E).
template <class Real>
struct EnergyShare {
    Real EX;    ///< mediator energy [GeV]
    Real k;     ///< mediator momentum [GeV]
    Real w;     ///< E - E_X - m: kinetic energy left to lepton and nucleus [GeV]
    Real r;     ///< p - k [GeV]
    Real U0;    ///< smallest m^2 - (p-k)^2, reached for k parallel to p [GeV^2]
    Real EXmk;  ///< E_X - k [GeV]
};

template <class Real>
[[nodiscard]] inline EnergyShare<Real> make_share(const Reaction<Real>& c, Real EX, Real k, Real w) noexcept {
    const Real EXmk = c.m_X * c.m_X / (EX + k);
    const Real Emp = c.m * c.m / (c.E + c.p);
    const Real omega = w + c.m;
    const Real r = omega + EXmk - Emp;
    const Real U0 = EXmk * (omega + r) + Emp * (EX + k);
    return {EX, k, w, r, U0, EXmk};
}

template <class Real>
[[nodiscard]] inline EnergyShare<Real> share_from_recoil(const Reaction<Real>& c, Real w) noexcept {
    using std::sqrt;
    const Real EX = (c.E - c.m) - w;
    return make_share(c, EX, Real(sqrt(std::max(Real(0), (EX - c.m_X) * (EX + c.m_X)))), w);
}

template <class Real>
[[nodiscard]] inline EnergyShare<Real> share_from_mediator(const Reaction<Real>& c, Real kinetic) noexcept {
    using std::sqrt;
    const Real EX = c.m_X + kinetic;
    return make_share(c, EX, Real(sqrt(kinetic * (EX + c.m_X))), Real((c.E - c.m) - EX));
}

/// Fixed mediator energy and momentum transfer.
template <class Real>
struct Recoil {
    Real t, T, q;  ///< [GeV^2], t/(2M) [GeV], |q| [GeV]
    Real Ep, pp;   ///< energy and momentum of the outgoing lepton [GeV]
    Real q_min;    ///< p - k - p', the smallest |q| at this E_X and T [GeV]
    Real s0;       ///< smallest s [GeV^2]
    Real z_beam;   ///< z at which q, and so p, is parallel to Q; upper limit of z if below z_full
    Real z_full;   ///< 4 k p', z at which k and p' are antiparallel; upper limit of z otherwise
    Real t1_min;   ///< smallest -(p-p')^2, reached for p' parallel to p [GeV^2]
    Real PP;       ///< (P_i + P_f)^2 = 4 M^2 + t [GeV^2]
    [[nodiscard]] Real z_max() const noexcept { return std::max(Real(0), std::min(z_beam, z_full)); }
};

template <class Real>
[[nodiscard]] inline Recoil<Real> make_recoil(const Reaction<Real>& c, const EnergyShare<Real>& e, Real t) noexcept {
    using std::sqrt;
    Recoil<Real> h;
    h.t = t;
    h.T = t / (2 * c.M);
    h.q = sqrt(t + h.T * h.T);
    const Real kinetic = std::max(Real(0), e.w - h.T);
    h.Ep = c.m + kinetic;
    h.pp = sqrt(kinetic * (kinetic + 2 * c.m) + Real(1e-300));  // directions of a lepton at rest: any, but not 0/0
    const Real lost = e.EX + h.T;                             // E - E'
    const Real p_minus_pp = lost * (c.E + h.Ep) / (c.p + h.pp);
    const Real m2 = c.m * c.m;
    // p - k - p' - T = (E_X - k) + (E' - p') - (E - p), the last two as one quotient
    const Real d = e.EXmk + m2 * (lost + p_minus_pp) / ((h.Ep + h.pp) * (c.E + c.p));
    h.q_min = d + h.T;
    h.z_beam = (t - d * (d + 2 * h.T)) / (h.q + h.q_min) * (2 * c.p - h.q_min - h.q);
    h.z_full = 4 * e.k * h.pp;
    const Real mX2 = c.m_X * c.m_X;
    h.s0 = mX2 + 2 * (mX2 * h.pp * h.pp + m2 * e.EX * e.EX) / (h.Ep * e.EX + h.pp * e.k);
    h.t1_min = 2 * m2 * lost * lost / (c.E * h.Ep + c.p * h.pp - m2);
    h.PP = 4 * c.M * c.M + t;
    return h;
}

namespace detail {

/// sin((a-b)/2) from 1 -+ cos of two angles in [0, pi]; what is closer to pi than rounding can tell is at pi.
template <class Real>
[[nodiscard]] inline Real sin_half_difference(Real a_minus, Real a_plus, Real b_minus, Real b_plus) noexcept {
    using std::sqrt;
    const Real none = Real(1e-150);  // both parallel: 0/0 is 0
    // one comparison: loops with two of them are not vectorised
    const Real difference = std::min(a_minus, b_minus) > 1 ? b_plus - a_plus : a_minus - b_minus;
    return difference / (sqrt(a_minus * b_plus) + sqrt(b_minus * a_plus) + none);
}

}  // namespace detail

/// Everything that depends on z but not on phi.  Angles are those of p, k, p' with Q.
template <class Real>
struct Decay {
    Real s, Q;
    Real sin_a, cos_a, one_minus_cos_a;     ///< alpha = angle(p, Q)
    Real sin_b, cos_b, one_minus_cos_b;     ///< beta  = angle(k, Q)
    Real sin_bp, cos_bp, one_minus_cos_bp;  ///< beta' = angle(p', Q)
    Real q_par;                             ///< q.Q/|Q|; q has the component -p sin(alpha) towards p
    Real G1;                                ///< 4 M^2 |q x p|^2
    Real U_min;                             ///< m^2 - (p-k)^2 at phi = 0
    Real U_swing;                           ///< U = U_min + U_swing (1 - cos phi)
    Real t1_at_pi;                          ///< -(p-p')^2 at phi = pi; t1 = t1_at_pi + U_swing (1 + cos phi)
};

template <class Real>
[[nodiscard]] inline Decay<Real> make_decay(const Reaction<Real>& c, const EnergyShare<Real>& e, const Recoil<Real>& h,
                                            Real z) noexcept {
    using std::sqrt;
    Decay<Real> y;
    y.s = h.s0 + z;
    const Real sum = e.k + h.pp;
    y.Q = sqrt(sum * sum - z);
    const Real p_minus_Q = (y.s + h.T * (2 * c.E - h.T)) / (c.p + y.Q);
    // rounding may carry a node past the end of the range of z
    const Real to_beam = std::max(Real(0), h.z_beam - z);
    const Real to_full = std::max(Real(0), h.z_full - z);
    const Real q_up = h.q + p_minus_Q;
    const Real p_minus_q = c.p - h.q;
    const Real q_down = p_minus_q > 0 ? to_beam / (y.Q + p_minus_q) : y.Q - p_minus_q;
    const Real per_Q = 1 / y.Q;
    const Real half_pQ = per_Q * (1 / (2 * c.p));
    const Real area = to_beam * q_up * (c.p + y.Q + h.q);
    y.one_minus_cos_a = q_up * q_down * half_pQ;
    y.cos_a = 1 - y.one_minus_cos_a;
    y.sin_a = sqrt(area) * half_pQ;
    y.G1 = c.M * c.M * area;
    const Real k_minus_pp = e.k - h.pp;
    const bool k_longer = k_minus_pp > 0;
    const Real closing = z / (sum + y.Q);  // k + p' - Q
    const Real pp_side = k_longer ? to_full / (y.Q + k_minus_pp) : y.Q - k_minus_pp;  // Q + p' - k
    const Real k_side = k_longer ? y.Q + k_minus_pp : to_full / (y.Q - k_minus_pp);   // Q + k - p'
    const Real kT = sqrt(z * to_full) * per_Q / 2;
    const Real half_Q = closing * per_Q / 2;
    const Real per_k = 1 / e.k, per_pp = 1 / h.pp;
    y.one_minus_cos_b = half_Q * pp_side * per_k;
    y.cos_b = 1 - y.one_minus_cos_b;
    y.sin_b = kT * per_k;
    y.one_minus_cos_bp = half_Q * k_side * per_pp;
    y.cos_bp = 1 - y.one_minus_cos_bp;
    y.sin_bp = kT * per_pp;
    y.q_par = c.p * y.one_minus_cos_a - p_minus_Q;
    const Real a = y.one_minus_cos_a, b = y.one_minus_cos_b, bp = y.one_minus_cos_bp;
    const auto plus = [](Real one_minus_cos) { return std::max(Real(0), 2 - one_minus_cos); };
    const Real half_k = detail::sin_half_difference(a, plus(a), b, plus(b));
    const Real half_l = detail::sin_half_difference(a, plus(a), bp, plus(bp));
    y.U_min = e.U0 + 4 * c.p * e.k * half_k * half_k;
    y.U_swing = 2 * c.p * y.sin_a * kT;
    y.t1_at_pi = h.t1_min + 4 * c.p * h.pp * half_l * half_l;
    return y;
}

/// A full phase-space point: the only argument of the amplitudes besides masses and couplings.
template <class Real>
struct Point {
    Real s;    ///< (p'+k)^2 - m^2 > 0
    Real U;    ///< m^2 - (p-k)^2 > 0
    Real t;    ///< -(P_i-P_f)^2 > 0
    Real t1;   ///< -(p-p')^2 > 0, = s + t - m_X^2 - U
    Real PD;   ///< P.(s p' - U p), P = P_i + P_f
    Real PP;   ///< P^2 = 4 M^2 + t
    Real G1, G2, Gk;  ///< 4 M^2 |q x v|^2 for v = p, p', k
    Real qk2;  ///< 2 q.k = s - U
    // laboratory frame, axis Q
    Real M, E, p, EX, k, Ep, pp, Q, q, T, q_par;
    Real sin_a, cos_a, one_minus_cos_a, sin_b, cos_b, one_minus_cos_b, sin_bp, cos_bp, one_minus_cos_bp;
    Real cos_phi, one_minus_cos_phi;
};

template <class Real>
[[nodiscard]] inline Point<Real> make_point(const Reaction<Real>& c, const EnergyShare<Real>& e, const Recoil<Real>& h,
                                            const Decay<Real>& y, Real one_minus_cos_phi) noexcept {
    Point<Real> v;
    const Real cos_phi = 1 - one_minus_cos_phi;
    const Real sin2_phi = one_minus_cos_phi * (1 + cos_phi);
    v.s = y.s;
    v.t = h.t;
    const Real dU = y.U_swing * one_minus_cos_phi;
    v.U = y.U_min + dU;
    v.t1 = y.t1_at_pi + y.U_swing * (1 + cos_phi);
    v.PP = h.PP;
    v.G1 = y.G1;
    const Real qx = c.p * y.sin_a;  // minus the component of q towards p
    const Real kx = e.k * y.sin_b * cos_phi, lx = -kx;  // p' recoils against k
    const Real q2_out = (y.q_par * y.q_par + qx * qx) * sin2_phi;
    const Real k_plane = y.q_par * kx + qx * e.k * y.cos_b;
    const Real l_plane = y.q_par * lx + qx * h.pp * y.cos_bp;
    const Real kT = e.k * y.sin_b;
    v.Gk = 4 * c.M * c.M * (kT * kT * q2_out + k_plane * k_plane);
    v.G2 = 4 * c.M * c.M * (kT * kT * q2_out + l_plane * l_plane);
    v.qk2 = 2 * (kx * qx - e.k * y.cos_b * y.q_par - h.T * e.EX);
    // P.(s p' - U p) with the parts that cancel at small t removed; components along and across p
    const Real away = (v.U - e.U0) * (1 / (2 * c.p * e.k));  // 1 - cos angle(k, p)
    const Real kz = e.k * (1 - away);
    const Real kT2 = e.k * e.k * away * (2 - away);
    const Real slow = c.m * c.m * e.EX * e.EX - c.E * c.E * (c.m_X * c.m_X + kT2);
    const Real boost = kz > 0 ? slow / (c.E * kz + e.EX * c.p) : c.E * kz - e.EX * c.p;  // E k_z - E_X p
    const Real tilt = y.sin_a * y.cos_b - y.cos_a * y.sin_b;                            // sin(alpha-beta)
    const Real kTqT = e.k * y.Q * y.sin_a * (tilt + y.cos_a * y.sin_b * one_minus_cos_phi);
    const Real qz = -(y.s + 2 * h.T * c.E + h.t) / (2 * c.p);
    v.PD = 2 * c.M * (e.EX * h.t - 2 * (c.E * kTqT + qz * boost)) - h.t * v.qk2 / 2;
    v.M = c.M;
    v.E = c.E;
    v.p = c.p;
    v.EX = e.EX;
    v.k = e.k;
    v.Ep = h.Ep;
    v.pp = h.pp;
    v.Q = y.Q;
    v.q = h.q;
    v.T = h.T;
    v.q_par = y.q_par;
    v.sin_a = y.sin_a;
    v.cos_a = y.cos_a;
    v.one_minus_cos_a = y.one_minus_cos_a;
    v.sin_b = y.sin_b;
    v.cos_b = y.cos_b;
    v.one_minus_cos_b = y.one_minus_cos_b;
    v.sin_bp = y.sin_bp;
    v.cos_bp = y.cos_bp;
    v.one_minus_cos_bp = y.one_minus_cos_bp;
    v.cos_phi = cos_phi;
    v.one_minus_cos_phi = one_minus_cos_phi;
    return v;
}

}  // namespace pheno
