/// Kinematics of l(p) + N(P_i) -> l(p') + N(P_f) + X(k) at a fixed angle of one outgoing particle with the beam.
///
/// Call v the particle whose angle is fixed and o the other one of p', k, and V = p - v = o - q.  At fixed (E_X, t)
/// all lengths are fixed, v and V too, and o runs round a cone about V:
///
///   z = s - s0 = 4 k p' sin^2(angle(k, p')/2),
///   sin^2(angle(v, o)/2) = sin^2((a - b)/2) + sin(a) sin(b) sin^2(phi/2),   a = angle(v, V), b = angle(o, V),
///
/// with phi the azimuth of o about V, 0 where it is closest to v.  The angle of o with the beam obeys the same equation
/// with angle(p, V) for a; p and v lie on the same side of V.  All terms are positive: nothing cancels.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "pheno/azimuth.hpp"
#include "pheno/kinematics.hpp"

namespace pheno {

/// Whose angle with the beam is fixed.
enum class Seen : std::uint8_t { mediator, lepton };

/// An angle with the beam, by what does not cancel.
struct BeamAngle {
    double half2;  ///< sin^2(angle/2)
    double rest_half2;  ///< cos^2(angle/2)
    double sine;
};

[[nodiscard]] inline BeamAngle beam_angle(double angle) noexcept {
    const double half = std::sin(angle / 2), rest = std::cos(angle / 2);
    return {half * half, rest * rest, 2 * half * rest};
}

/// Cone of the other particle about V at fixed (E_X, t) and angle.
template <class Real>
struct Cone {
    Real v, V;  ///< momentum of the particle seen, and |p - v| [GeV]
    Real one_minus_cos_a, one_plus_cos_a;  ///< a = angle(v, V)
    Real one_minus_cos_ap, one_plus_cos_ap;  ///< angle(p, V)
    Real one_minus_cos_b, one_plus_cos_b;  ///< b = angle(o, V); negative where phase space is closed
    Real z_min;  ///< z at phi = 0 [GeV^2]
    Real other_min;  ///< -(p-p')^2 if the mediator is seen, m^2 - (p-k)^2 if the lepton is, at phi = 0 [GeV^2]
    Real swing;  ///< z and the other invariant both grow by swing (1 - cos phi) [GeV^2]
};

namespace detail {

/// 2 sin^2((a-b)/2) from 1 -+ cos of both.
template <class Real>
[[nodiscard]] inline Real apart(Real a_minus, Real a_plus, Real b_minus, Real b_plus) noexcept {
    const Real half = sin_half_difference(a_minus, a_plus, b_minus, b_plus);
    return 2 * half * half;
}

}  // namespace detail

/// Where an open stretch of t begins and ends, and how far above its beginning t is.
struct Opening {
    double above;  ///< t less the lower end [GeV^2]; negative if it is not known better than from t
    double below;  ///< the upper end less t [GeV^2]
};

template <Seen seen, class Real>
[[nodiscard]] inline Cone<Real> make_cone(const Reaction<Real>& c, const EnergyShare<Real>& e, const Recoil<Real>& h,
                                          const BeamAngle& angle, const Opening& opening = {-1.0, 0.0}) noexcept {
    using std::sqrt;
    constexpr bool mediator = seen == Seen::mediator;
    Cone<Real> y;
    y.v = mediator ? e.k : h.pp;
    const Real other = mediator ? h.pp : e.k;
    // p - v
    const Real along = mediator ? e.r : (e.EX + h.T) * (c.E + h.Ep) / (c.p + h.pp);
    const Real opened = 4 * c.p * y.v * angle.half2;
    y.V = sqrt(along * along + opened);
    const Real longer = opened / (y.V + along);  // V - (p - v)
    const Real per_V = 1 / y.V;
    y.one_minus_cos_a = (longer + 2 * c.p * angle.half2) * per_V;
    const Real back = 2 * c.p * angle.half2 - along;
    y.one_plus_cos_a =
        back > 0 ? 4 * c.p * c.p * angle.half2 * angle.rest_half2 * per_V / (y.V + back) : (y.V - back) * per_V;
    // p + v - V, by its product with p + v + V
    const Real short_of = 4 * c.p * y.v * angle.rest_half2 / (c.p + y.v + y.V);
    y.one_minus_cos_ap = 2 * y.v * angle.half2 * short_of * per_V / (y.V + along);
    y.one_plus_cos_ap = 2 - y.one_minus_cos_ap;
    const Real gap = h.q_min + longer;  // V - |o|
    const Real still = gap - h.T;
    const Real sum = y.V + other;
    const Real closing = (sum - h.q) * (sum + h.q);
    Real reach = h.t - still * (still + 2 * h.T);  // q^2 - gap^2
    if (mediator) {
        // reach closing = 4 [(E - E_X + M)^2 - V^2] (T - T_min) (T_max - T), and the bracket is (m+M)^2 at least
        const Real mass2 = (c.M + c.m) * (c.M + c.m) + 2 * c.M * e.w - e.U0 - opened;
        const Real near = mass2 / (c.M * c.M) * opening.above * opening.below / std::max(closing, Real(1e-300));
        // in the lower half of the stretch
        reach = std::min(opening.above, opening.below - opening.above) >= 0 ? near : reach;
    }
    const Real per_2Vo = per_V / (2 * other);
    y.one_minus_cos_b = reach * per_2Vo;
    y.one_plus_cos_b = closing * per_2Vo;
    // rounding may carry a node past the end of the range of t
    const Real b_minus = std::min(Real(2), std::max(Real(0), y.one_minus_cos_b));
    const Real b_plus = std::min(Real(2), std::max(Real(0), y.one_plus_cos_b));
    y.z_min = 2 * e.k * h.pp * detail::apart(y.one_minus_cos_a, y.one_plus_cos_a, b_minus, b_plus);
    y.other_min = (mediator ? h.t1_min : e.U0) +
                  2 * c.p * other * detail::apart(y.one_minus_cos_ap, y.one_plus_cos_ap, b_minus, b_plus);
    y.swing = 2 * c.p * e.k * h.pp * angle.sine * per_V * sqrt(b_minus * b_plus);
    return y;
}

/// Squares of the tensor's and the others' poles in phi, see azimuth.hpp.
template <Seen seen, bool with_t1>
[[nodiscard]] inline AzimuthPhase cone_phase(const Reaction<double>& c, const EnergyShare<double>& e,
                                             const Recoil<double>& h, const Cone<double>& y) noexcept {
    const double s = std::sqrt(1 + 2 * y.swing / (h.s0 + y.z_min));
    const double other = std::sqrt(1 + 2 * y.swing / y.other_min);
    if constexpr (seen == Seen::lepton) return {s, 1.0, other};  // s - U, t1 and D do not depend on phi
    if constexpr (!with_t1) return {s, 1.0, 1.0};
    // D is largest where t1 is smallest
    const double D_max = 2 * c.M * (e.EX + h.T) - y.other_min;
    return {s, std::sqrt(1 - 2 * y.swing / D_max), other};
}

/// The point of phase space at phi.
///
/// k has the azimuth phi_Q about Q that make_point asks for.  Of 1 -+ cos(phi_Q) the larger one is the distance of U
/// from an end of its range, and the smaller one follows from their product: p.(k x p') is the same in both frames, and
/// so sin(phi_Q) U_swing |Q| = sin(phi) swing |V|.
template <Seen seen>
[[nodiscard]] inline Point<double> cone_point(const Reaction<double>& c, const EnergyShare<double>& e,
                                              const Recoil<double>& h, const BeamAngle& angle, const Cone<double>& y,
                                              double one_minus_cos) noexcept {
    const double dz = y.swing * one_minus_cos;
    const Decay<double> decay = make_decay(c, e, h, y.z_min + dz);
    const double U = seen == Seen::mediator ? e.U0 + 4 * c.p * e.k * angle.half2 : y.other_min + dz;
    const double none = 1e-300;  // no swing: any azimuth will do
    const double per_swing = 1 / (decay.U_swing + none);
    const double ratio = y.V * y.swing / decay.Q * per_swing;
    const double sine2 = ratio * ratio * one_minus_cos * (2 - one_minus_cos);
    const double up = std::min(2.0, std::max(0.0, (U - decay.U_min) * per_swing));
    const double turn = up > 1 ? 2 - sine2 / up : sine2 / (2 - up);
    return make_point(c, e, h, decay, std::min(2.0, std::max(0.0, turn)));
}

}  // namespace pheno
