/// Directions in the rest frame of the pair as points in the laboratory, which the tensor amplitude reads.
#pragma once

#include <algorithm>
#include <cmath>

#include "pheno/azimuth.hpp"
#include "pheno/kinematics.hpp"
#include "pheno/pair_directions.hpp"
#include "pheno/pair_frame.hpp"

namespace pheno::etl {

/// What all directions have in common.
struct PairLaboratory {
    double m, M, m_X, E, p;
    PairFrame<double> frame;
    Exchange<double> exchange;
    BeamAxis axis;
    PairEnergies energies;
    double E_Q;        ///< energy of the pair [GeV]
    double E_k, E_l;   ///< energies of X and l' in the frame of the pair [GeV]
    double per_W;      ///< 1/W
    double sin_a, cos_a;  ///< of the angle between p and Q in the laboratory
    double q_par;                          ///< q.Q/|Q|
};

[[nodiscard]] inline PairLaboratory pair_laboratory(const Reaction<double>& c, const Exchange<double>& x,
                                                    const PairFrame<double>& y, const BeamAxis& axis) noexcept {
    PairLaboratory out{};
    out.m = c.m;
    out.M = c.M;
    out.m_X = c.m_X;
    out.E = c.E;
    out.p = c.p;
    out.per_W = 1 / y.W;
    out.frame = y;
    out.exchange = x;
    out.axis = axis;
    out.energies = pair_energies(c, x, y);
    out.E_Q = c.E - x.T;
    out.E_k = (y.s + c.m_X * c.m_X) / (2 * y.W);
    out.E_l = (y.s + 2 * c.m * c.m - c.m_X * c.m_X) / (2 * y.W);
    const double p_minus_Q = (y.s + x.T * (2 * c.E - x.T)) / (c.p + y.Q);
    const double p_minus_q = c.p - x.q;
    const double to_beam = y.to_edge;
    const double q_down = p_minus_q > 0 ? to_beam / (y.Q + p_minus_q) : y.Q - p_minus_q;
    const double half_pQ = 1 / (2 * c.p * y.Q);
    const double one_minus_cos_a = (x.q + p_minus_Q) * q_down * half_pQ;
    out.cos_a = 1 - one_minus_cos_a;
    out.sin_a = std::sqrt(y.G1) / c.M * half_pQ;
    out.q_par = c.p * one_minus_cos_a - p_minus_Q;
    return out;
}

[[nodiscard]] inline AzimuthPoles pair_poles(const PairLaboratory& l, double b, double rest) noexcept {
    const double half = half_angle(l.axis.a, b, rest), half_back = half_angle(l.axis.a, rest, b);
    const double scale = 4 * l.frame.p * l.frame.k;
    const double swing = scale / 2 * l.axis.sin_a * std::sqrt(b * rest);
    const double t1_at_pi = l.frame.t1_min + scale * half_back * half_back;
    const double forward = l.axis.side > 0.0 ? rest : b;
    const double E_X = l.m_X + l.energies.kinetic_min + forward * l.energies.spread / 2;
    return {l.frame.U_min + scale * half * half, t1_at_pi, 2 * l.M * (E_X + l.exchange.T) - t1_at_pi - 2 * swing,
            swing};
}

/// One direction in the laboratory: what does not depend on the azimuth.
struct LaboratoryDirection {
    double EX, k, Ep, pp;                   ///< energies and momenta of X and l' [GeV]
    double sin_b, cos_b, sin_bp, cos_bp;    ///< of the angles of X and l' with Q
};

[[nodiscard]] inline LaboratoryDirection laboratory_direction(const PairLaboratory& l, double b, double rest) noexcept {
    const PairFrame<double>& y = l.frame;
    const bool front = l.axis.side > 0.0;
    const double forward = front ? rest : b, backward = front ? b : rest;  // 1 + cos beta, 1 - cos beta
    const double cosine = forward < backward ? forward - 1 : 1 - backward;
    const double half = l.energies.spread / 2;
    const double kinetic = l.energies.kinetic_min + forward * half;
    const double lepton = l.energies.lepton_min + backward * half;
    LaboratoryDirection v{};
    v.EX = l.m_X + kinetic;
    v.k = std::sqrt(kinetic * (v.EX + l.m_X));
    v.Ep = l.m + lepton;
    v.pp = std::sqrt(lepton * (v.Ep + l.m));
    const double k_T = y.k * std::sqrt(b * rest);
    const double per_k = 1 / v.k, per_pp = 1 / v.pp;
    const double k_par = (y.Q * l.E_k + l.E_Q * y.k * cosine) * l.per_W;
    const double l_par = (y.Q * l.E_l - l.E_Q * y.k * cosine) * l.per_W;
    // forward, the small angle is known better than the large component
    v.sin_b = k_T * per_k;
    v.cos_b = k_par > 0 ? 1 - v.sin_b * k_T / (v.k + k_par) : k_par * per_k;
    v.sin_bp = k_T * per_pp;
    v.cos_bp = l_par > 0 ? 1 - v.sin_bp * k_T / (v.pp + l_par) : l_par * per_pp;
    return v;
}

/// The point of phase space as the tensor amplitude reads it; the other members of Point stay 0.
[[nodiscard]] inline Point<double> tensor_point(const PairLaboratory& l, const LaboratoryDirection& v,
                                                const AzimuthPoles& poles, double one_minus_cos_phi) noexcept {
    Point<double> out{};
    out.s = l.frame.s;
    out.t = l.exchange.t;
    out.U = poles.U_min + poles.swing * one_minus_cos_phi;
    out.t1 = poles.t1_at_pi + poles.swing * (2 - one_minus_cos_phi);
    out.M = l.M;
    out.E = l.E;
    out.p = l.p;
    out.EX = v.EX;
    out.k = v.k;
    out.Ep = v.Ep;
    out.pp = v.pp;
    out.Q = l.frame.Q;
    out.T = l.exchange.T;
    out.q_par = l.q_par;
    out.sin_a = l.sin_a;
    out.cos_a = l.cos_a;
    out.sin_b = v.sin_b;
    out.cos_b = v.cos_b;
    out.sin_bp = v.sin_bp;
    out.cos_bp = v.cos_bp;
    out.cos_phi = 1 - one_minus_cos_phi;
    out.one_minus_cos_phi = one_minus_cos_phi;
    return out;
}

}  // namespace pheno::etl
