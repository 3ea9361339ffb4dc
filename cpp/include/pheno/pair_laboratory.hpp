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
    double M, m_X;
    PairFrame<double> frame;
    Exchange<double> exchange;
    BeamAxis axis;
    PairEnergies energies;
    double E_Q;        ///< energy of the pair [GeV]
    double E_k, E_l;   ///< energies of X and l' in the frame of the pair [GeV]
    double sin_a, cos_a, one_minus_cos_a;  ///< of the angle between p and Q in the laboratory
    double q_par;                          ///< q.Q/|Q|
};

[[nodiscard]] inline PairLaboratory pair_laboratory(const Reaction<double>& c, const Exchange<double>& x,
                                                    const PairFrame<double>& y, const BeamAxis& axis) noexcept {
    PairLaboratory out{};
    out.M = c.M;
    out.m_X = c.m_X;
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
    out.one_minus_cos_a = (x.q + p_minus_Q) * q_down * half_pQ;
    out.cos_a = 1 - out.one_minus_cos_a;
    out.sin_a = std::sqrt(y.G1) / c.M * half_pQ;
    out.q_par = c.p * out.one_minus_cos_a - p_minus_Q;
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

[[nodiscard]] inline Point<double> laboratory_point(const Reaction<double>& c, const PairLaboratory& l, double b,
                                                    double rest, double one_minus_cos_phi) noexcept {
    const PairFrame<double>& y = l.frame;
    const bool front = l.axis.side > 0.0;
    const double forward = front ? rest : b, backward = front ? b : rest;  // 1 + cos beta, 1 - cos beta
    const double cosine = forward < backward ? forward - 1 : 1 - backward;
    const double half = l.energies.spread / 2;
    const double kinetic = l.energies.kinetic_min + forward * half;
    const double lepton = l.energies.lepton_min + backward * half;
    const double EX = c.m_X + kinetic;
    const EnergyShare<double> e =
        make_share(c, EX, std::sqrt(kinetic * (EX + c.m_X)), lepton + l.exchange.T);
    const Recoil<double> h = make_recoil(c, e, l.exchange.t);
    const double k_T = y.k * std::sqrt(b * rest);
    const double k_par = (y.Q * l.E_k + l.E_Q * y.k * cosine) / y.W;
    const double l_par = (y.Q * l.E_l - l.E_Q * y.k * cosine) / y.W;
    const AzimuthPoles poles = pair_poles(l, b, rest);
    const auto versine = [](double par, double across, double length) {
        return par > 0 ? across * across / (length * (length + par)) : 1 - par / length;
    };
    Decay<double> d{};
    d.s = y.s;
    d.Q = y.Q;
    d.sin_a = l.sin_a;
    d.cos_a = l.cos_a;
    d.one_minus_cos_a = l.one_minus_cos_a;
    d.one_minus_cos_b = versine(k_par, k_T, e.k);
    d.cos_b = 1 - d.one_minus_cos_b;
    d.sin_b = k_T / e.k;
    d.one_minus_cos_bp = versine(l_par, k_T, h.pp);
    d.cos_bp = 1 - d.one_minus_cos_bp;
    d.sin_bp = k_T / h.pp;
    d.q_par = l.q_par;
    d.G1 = y.G1;
    d.U_min = poles.U_min;
    d.U_swing = poles.swing;
    d.t1_at_pi = poles.t1_at_pi;
    return make_point(c, e, h, d, one_minus_cos_phi);
}

}  // namespace pheno::etl
