// Printed by tools/derive/tensor.py; do not edit.
/// Spin-2 amplitude of l(p) N(P_i) -> l(p') N(P_f) G(k), a scalar nucleus emitting too.
#pragma once

#include <cmath>

#include "pheno/kinematics.hpp"

namespace pheno {

/// c_lepton: lepton lines and the l l gamma G contact vertex; c_photon: gamma gamma G; c_nucleus: nuclear
/// lines and contact vertex.  Each of the three is gauge invariant by itself under electromagnetism.
template <class Real>
struct TensorCouplings {
    Real lepton, photon, nucleus;
};

namespace detail {

/// `conserved`: the three couplings are equal, so that k_mu M^{mu nu} = 0.
template <bool conserved, class Real>
[[nodiscard]] inline Real tensor_squared(const Point<Real>& v, Real m, Real m_X,
                                         const TensorCouplings<Real>& c) noexcept {
    using std::abs;
    using std::sqrt;
    // light-front components along k: a^+ = a^0 + a^3; p' lies in the plane of axes 1 and 3
    const Real sin_phi = sqrt(v.one_minus_cos_phi * (1 + v.cos_phi));
    const Real p_sin = v.p * v.sin_a;
    const Real p_cos = p_sin * v.cos_phi;
    const Real h = v.Q * v.sin_b;
    const Real qx = -(p_cos * v.cos_b + v.q_par * v.sin_b);
    const Real qy = p_sin * sin_phi;
    const Real q3 = v.q_par * v.cos_b - p_cos * v.sin_b;
    const Real px = -(qx + h);
    const Real p3 = p_cos * v.sin_b + v.p * v.cos_a * v.cos_b;
    const Real l3 = v.pp * (v.cos_b * v.cos_bp - v.sin_b * v.sin_bp);
    const Real m2 = m * m;
    // a^+ = (m^2 + a_T^2)/a^- where a^3 < 0
    const Real p_sum = v.E + abs(p3);
    const Real p_rest = (m2 + px * px + qy * qy) / p_sum;
    const Real p_plus = p3 > 0 ? p_sum : p_rest;
    const Real l_sum = v.Ep + abs(l3);
    const Real l_rest = (m2 + h * h) / l_sum;
    const Real l_plus = l3 > 0 ? l_sum : l_rest;
    const Real half = Real(1) / 2;
    const Real two_thirds = Real(2) / 3;
    const Real k_plus = v.EX + v.k;
    const Real per_k = 1 / k_plus;
    const Real k_minus = m_X * m_X * per_k;
    const Real q_plus = q3 - v.T;
    const Real r_plus = k_plus - q_plus;
    const Real q0 = v.EX + v.T;
    const Real per_q0 = 1 / q0;
    const Real per_s = 1 / v.s;
    const Real per_U = 1 / v.U;
    const Real per_t1 = 1 / v.t1;
    // w = 2 P.(s p' - U p)/(-s U), in units of 2M
    const Real slope = (p_plus + l_plus) * k_minus * q_plus + k_plus * (qx * (px - h) - qy * qy);
    const Real PD = (2 * v.M * v.k * slope + (v.s + v.U) * (v.M * v.t1 - (v.M - half * k_plus) * v.t)) * per_k;
    const Real w = -PD * per_s * per_U / v.M;
    const Real before = p_plus - half * k_plus;
    const Real after = l_plus + half * k_plus;
    const Real g = v.s > v.U ? (2 * v.E - v.T) * per_s : (2 * v.Ep + v.T) * per_U;
    const Real base_x = v.s > v.U ? px : -h;
    const Real base_y = v.s > v.U ? -qy : Real(0);
    const Real base_p = v.s > v.U ? before : after;
    const Real half_l = half * c.lepton;
    const Real C_r = half_l * (w * base_x + g * qx);
    const Real C_i = half_l * (w * base_y + g * qy);
    const Real C_p = half_l * (w * base_p + (g * q_plus - 1));
    // D_i = (P_i-k)^2 - M^2, D_f = (P_f+k)^2 - M^2
    const Real D_i = m_X * m_X - 2 * v.M * v.EX;
    const Real D_f = 2 * v.M * q0 - v.t1;
    const Real r2 = k_minus * per_k;
    const Real kick = r2 * (2 * v.M - k_plus) * (2 * v.M - k_plus) / D_i;
    const Real turn = 2 * (v.M - q_plus) + k_plus;
    const Real P_p = 2 * v.M - q_plus;
    const Real qT2 = qx * qx + qy * qy;
    const Real u_photon = c.photon * per_t1;
    const Real u_nucleus = c.nucleus * v.T * per_q0 * per_t1;
    const Real u_contact = c.nucleus * v.T * per_q0 / D_f;
    const Real u_net = u_nucleus - u_photon;
    const Real u_3 = u_photon * q3;
    const Real u_P = u_nucleus * P_p;
    const Real r2_2 = 2 * r2;
    const Real l_after = r2_2 * l_plus * after;
    const Real p_before = r2_2 * p_plus * before;
    const Real after_l = after + l_plus;
    const Real before_p = before + p_plus;
    const Real pT2 = px * px + qy * qy;
    const Real hh = h * h;
    const Real l_plus_h = l_plus * h;
    const Real late_l = half_l * per_s;
    const Real early_l = -half_l * per_U;
    const Real bulk = half * (r2 * turn * turn - kick * D_f) - qT2;
    // no helicity flip, in units of 2
    const Real a0_r = q3 * p_plus + qx * px - qy * qy;
    const Real a0_i = -qx * qy - qy * px;
    const Real a_r = late_l * a0_r;
    const Real a_i = late_l * a0_i;
    const Real b0_r = q3 * l_plus - h * qx;
    const Real b0_i = -h * qy;
    const Real b_r = early_l * b0_r;
    const Real b_i = early_l * b0_i;
    const Real Nf_R_r = late_l * (l_plus * (p_plus * qx - q3 * px) + m2 * qx);
    const Real Nf_R_i = late_l * (l_plus * (p_plus * qy + q3 * qy) + m2 * qy);
    const Real Ni_L_r = -early_l * (p_plus * (l_plus * qx + h * q3) + m2 * qx);
    const Real Ni_L_i = -early_l * (-p_plus * l_plus * qy - m2 * qy);
    const Real X_r = px * b_r + qy * b_i;
    const Real X_i = px * b_i - qy * b_r;
    const Real j_R_r = l_plus * px;
    const Real j_R_i = -l_plus * qy;
    const Real lp_plus = l_plus * p_plus;
    // Delta = p^+ p'_T - p'^+ p_T
    const Real d_r = p_plus * qx + r_plus * px;
    const Real d_i = p_plus * qy - r_plus * qy;
    const Real m2x = m2 * r_plus;
    const Real A_r = m2x + px * d_r - qy * d_i;
    const Real A_i = -px * d_i - qy * d_r;
    const Real B_r = m2x - h * d_r;
    const Real B_i = -h * d_i;
    const Real F_pR_r = l_plus * d_r;
    const Real F_pR_i = l_plus * d_i;
    const Real F_pL_r = p_plus * d_r;
    const Real F_pL_i = -p_plus * d_i;
    const Real per_p_plus = 1 / p_plus;
    const Real per_l_plus = 1 / l_plus;
    const Real F_mR_r = per_p_plus * (m2 * d_r - px * (A_r + m2x) - qy * A_i);
    const Real F_mR_i = per_p_plus * (m2 * d_i - px * A_i + qy * (A_r + m2x));
    const Real F_mL_r = per_l_plus * (m2 * d_r + h * (B_r + m2x));
    const Real F_mL_i = per_l_plus * (-m2 * d_i + h * B_i);
    const Real E_R_r = half * (F_pR_r + F_mR_r);
    const Real E_R_i = half * (F_pR_i + F_mR_i);
    const Real E_L_r = half * (F_pL_r + F_mL_r);
    const Real E_L_i = half * (F_pL_i + F_mL_i);
    const Real E_3_r = -half * (A_r + B_r);
    const Real E_3_i = -half * (A_i + B_i);
    const Real j_minus_r = m2 - h * px;
    const Real j_minus_i = h * qy;
    const Real j0_r = half * (lp_plus + j_minus_r);
    const Real j0_i = half * j_minus_i;
    const Real x_r = u_contact * j0_r;
    const Real x_i = u_contact * j0_i;
    const Real y_r = u_nucleus * E_3_r - turn * x_r;
    const Real y_i = u_nucleus * E_3_i - turn * x_i;
    const Real qE_r = (qx * E_L_r - qy * E_L_i + qx * E_R_r + qy * E_R_i) * half;
    const Real qE_i = (qx * E_L_i + qy * E_L_r + qx * E_R_i - qy * E_R_r) * half;
    const Real TRR_r = j_R_r * C_r - j_R_i * C_i - h * Nf_R_r - px * X_r - qy * X_i + qx * (u_net * E_R_r + x_r * qx -
        x_i * qy) - qy * (u_net * E_R_i + x_r * qy + x_i * qx);
    const Real TRR_i = j_R_r * C_i + j_R_i * C_r - h * Nf_R_i - px * X_i + qy * X_r + qx * (u_net * E_R_i + x_r * qy +
        x_i * qx) + qy * (u_net * E_R_r + x_r * qx - x_i * qy);
    const Real TLL_r = hh * a_r - h * p_plus * C_r + px * Ni_L_r - qy * Ni_L_i + qx * (u_net * E_L_r + x_r * qx + x_i *
        qy) + qy * (u_net * E_L_i - x_r * qy + x_i * qx);
    const Real TLL_i = hh * a_i + h * p_plus * C_i + px * Ni_L_i + qy * Ni_L_r + qx * (u_net * E_L_i - x_r * qy + x_i *
        qx) - qy * (u_net * E_L_r + x_r * qx + x_i * qy);
    const Real TR3_r = C_p * j_R_r + lp_plus * C_r + after * Nf_R_r - l_plus_h * a_r - before_p * X_r + qx * (y_r +
        u_photon * A_r) - qy * (y_i + u_photon * A_i) - u_3 * F_pR_r - u_P * E_R_r;
    const Real TR3_i = C_p * j_R_i + lp_plus * C_i + after * Nf_R_i - l_plus_h * a_i - before_p * X_i + qx * (y_i +
        u_photon * A_i) + qy * (y_r + u_photon * A_r) - u_3 * F_pR_i - u_P * E_R_i;
    const Real TL3_r = p_plus * (l_plus * C_r - h * C_p - px * b_r + qy * b_i) - h * after_l * a_r + before * Ni_L_r +
        qx * (y_r + u_photon * B_r) + qy * (y_i + u_photon * B_i) - u_3 * F_pL_r - u_P * E_L_r;
    const Real TL3_i = p_plus * (-l_plus * C_i - px * b_i - qy * b_r) - h * after_l * a_i + before * Ni_L_i + qx * (y_i
        + u_photon * B_i) - qy * (y_r + u_photon * B_r) - u_3 * F_pL_i - u_P * E_L_i;
    const Real T00_r = r2_2 * lp_plus * C_p + l_after * a_r - p_before * b_r + half * (pT2 * b_r - px * Ni_L_r - qy *
        Ni_L_i + h * (Nf_R_r - h * a_r) - j_R_r * C_r - j_R_i * C_i + h * p_plus * C_r) + r2_2 * (u_photon * (qx *
        F_pL_r - qy * F_pL_i + qx * F_pR_r + qy * F_pR_i) * half - u_P * E_3_r) - u_3 * E_3_r + u_nucleus * (kick *
        (qE_r + q3 * E_3_r) - qE_r) + x_r * bulk;
    const Real T00_i = l_after * a_i - p_before * b_i + half * (pT2 * b_i - px * Ni_L_i + qy * Ni_L_r + h * (Nf_R_i - h
        * a_i) + j_R_r * C_i - j_R_i * C_r + h * p_plus * C_i) + r2_2 * (u_photon * (qx * F_pL_i + qy * F_pL_r + qx *
        F_pR_i - qy * F_pR_r) * half - u_P * E_3_i) - u_3 * E_3_i + u_nucleus * (kick * (qE_i + q3 * E_3_i) - qE_i) +
        x_i * bulk;
    // helicity flip, in units of 2m
    const Real flip_a_r = late_l * qx;
    const Real flip_a_i = late_l * qy;
    const Real flip_b_r = early_l * qx;
    const Real flip_b_i = early_l * qy;
    const Real flip_Nf_L_r = a_r + late_l * l_plus * q3;
    const Real flip_Nf_L_i = a_i;
    const Real flip_Ni_L_r = early_l * (q3 * (p_plus + l_plus) - h * qx);
    const Real flip_Ni_L_i = early_l * h * qy;
    const Real flip_X_r = px * flip_b_r + qy * flip_b_i;
    const Real flip_X_i = px * flip_b_i - qy * flip_b_r;
    const Real flip_F_mR_r = -qx * qx + qy * qy;
    const Real flip_F_mR_i = -qx * qy - qy * qx;
    const Real flip_F_pL = r_plus * r_plus;
    const Real flip_E_R_r = half * flip_F_mR_r;
    const Real flip_E_R_i = half * flip_F_mR_i;
    const Real flip_E_L = half * (flip_F_pL - v.t1);
    const Real flip_E_3_r = half * r_plus * qx;
    const Real flip_E_3_i = half * r_plus * qy;
    const Real flip_j0_r = -half * qx;
    const Real flip_j0_i = -half * qy;
    const Real flip_x_r = u_contact * flip_j0_r;
    const Real flip_x_i = u_contact * flip_j0_i;
    const Real flip_y_r = u_nucleus * flip_E_3_r - turn * flip_x_r;
    const Real flip_y_i = u_nucleus * flip_E_3_i - turn * flip_x_i;
    const Real flip_qE_r = (qx * flip_E_L + qx * flip_E_R_r + qy * flip_E_R_i) * half;
    const Real flip_qE_i = (qy * flip_E_L + qx * flip_E_R_i - qy * flip_E_R_r) * half;
    const Real flip_TRR_r = -hh * flip_a_r - px * flip_X_r - qy * flip_X_i + qx * (u_net * flip_E_R_r + flip_x_r * qx -
        flip_x_i * qy) - qy * (u_net * flip_E_R_i + flip_x_r * qy + flip_x_i * qx);
    const Real flip_TRR_i = -hh * flip_a_i - px * flip_X_i + qy * flip_X_r + qx * (u_net * flip_E_R_i + flip_x_r * qy +
        flip_x_i * qx) + qy * (u_net * flip_E_R_r + flip_x_r * qx - flip_x_i * qy);
    const Real flip_TLL_r = r_plus * C_r - h * flip_Nf_L_r + px * flip_Ni_L_r - qy * flip_Ni_L_i + qx * (u_net *
        flip_E_L + flip_x_r * qx + flip_x_i * qy) + qy * (-flip_x_r * qy + flip_x_i * qx);
    const Real flip_TLL_i = -r_plus * C_i - h * flip_Nf_L_i + px * flip_Ni_L_i + qy * flip_Ni_L_r + qx * (-flip_x_r * qy
        + flip_x_i * qx) - qy * (u_net * flip_E_L + flip_x_r * qx + flip_x_i * qy);
    const Real flip_TR3_r = h * after_l * flip_a_r - before_p * flip_X_r + qx * (flip_y_r - u_photon * r_plus * qx) - qy
        * (flip_y_i - u_photon * r_plus * qy) - u_P * flip_E_R_r;
    const Real flip_TR3_i = h * after_l * flip_a_i - before_p * flip_X_i + qx * (flip_y_i - u_photon * r_plus * qy) + qy
        * (flip_y_r - u_photon * r_plus * qx) - u_P * flip_E_R_i;
    const Real flip_TL3_r = r_plus * C_p + after * flip_Nf_L_r + l_plus_h * flip_a_r + before * flip_Ni_L_r - p_plus *
        (px * flip_b_r - qy * flip_b_i) + qx * flip_y_r + qy * flip_y_i - u_3 * flip_F_pL - u_P * flip_E_L;
    const Real flip_TL3_i = after * flip_Nf_L_i + l_plus_h * flip_a_i + before * flip_Ni_L_i - p_plus * (px * flip_b_i +
        qy * flip_b_r) + qx * flip_y_i - qy * flip_y_r;
    const Real flip_T00_r = half * (h * (h * flip_a_r + flip_Nf_L_r) + pT2 * flip_b_r - px * flip_Ni_L_r - qy *
        flip_Ni_L_i - r_plus * C_r) - l_after * flip_a_r - p_before * flip_b_r + r2_2 * (u_photon * qx * flip_F_pL *
        half - u_P * flip_E_3_r) - u_3 * flip_E_3_r + u_nucleus * (kick * (flip_qE_r + q3 * flip_E_3_r) - flip_qE_r) +
        flip_x_r * bulk;
    const Real flip_T00_i = half * (h * (h * flip_a_i + flip_Nf_L_i) + pT2 * flip_b_i - px * flip_Ni_L_i + qy *
        flip_Ni_L_r - r_plus * C_i) - l_after * flip_a_i - p_before * flip_b_i + r2_2 * (u_photon * qy * flip_F_pL *
        half - u_P * flip_E_3_i) - u_3 * flip_E_3_i + u_nucleus * (kick * (flip_qE_i + q3 * flip_E_3_i) - flip_qE_i) +
        flip_x_i * bulk;
    if constexpr (conserved) {
        const Real sum = TRR_r * TRR_r + TRR_i * TRR_i + TLL_r * TLL_r + TLL_i * TLL_i + r2 * (TR3_r * TR3_r + TR3_i *
            TR3_i + TL3_r * TL3_r + TL3_i * TL3_i) + two_thirds * (T00_r * T00_r + T00_i * T00_i);
        const Real flip_sum = flip_TRR_r * flip_TRR_r + flip_TRR_i * flip_TRR_i + flip_TLL_r * flip_TLL_r + flip_TLL_i *
            flip_TLL_i + r2 * (flip_TR3_r * flip_TR3_r + flip_TR3_i * flip_TR3_i + flip_TL3_r * flip_TL3_r + flip_TL3_i
            * flip_TL3_i) + two_thirds * (flip_T00_r * flip_T00_r + flip_T00_i * flip_T00_i);
        const Real L = 32 * v.M * v.M * per_p_plus * per_l_plus * (sum + m2 * flip_sum);
        return L;
    } else {
        const Real q_minus = -(q3 + v.T);
        const Real per_4M = half * half / v.M;
        const Real odd_photon = c.photon - c.lepton;
        const Real odd_nucleus = (c.nucleus - c.photon) * v.t * per_t1;
        const Real per_mX2 = 1 / (m_X * m_X);
        const Real jT_r = (-qx * h * p_plus + qx * j_R_r + qy * j_R_i) * half;
        const Real jT_i = (-qy * h * p_plus + qx * j_R_i - qy * j_R_r) * half;
        const Real force_p_r = half * (A_r + B_r) - 2 * per_4M * (half * q_plus * (A_r + B_r) - (qx * F_pL_r - qy *
            F_pL_i + qx * F_pR_r + qy * F_pR_i) * half);
        const Real force_p_i = half * (A_i + B_i) - 2 * per_4M * (half * q_plus * (A_i + B_i) - (qx * F_pL_i + qy *
            F_pL_r + qx * F_pR_i - qy * F_pR_r) * half);
        const Real force_m_r = 2 * per_4M * (half * q_minus * (A_r + B_r) + (qx * F_mL_r - qy * F_mL_i + qx * F_mR_r +
            qy * F_mR_i) * half) - half * (A_r + B_r);
        const Real force_m_i = 2 * per_4M * (half * q_minus * (A_i + B_i) + (qx * F_mL_i + qy * F_mL_r + qx * F_mR_i -
            qy * F_mR_r) * half) - half * (A_i + B_i);
        const Real SR3_r = TR3_r - k_plus * per_mX2 * (odd_nucleus * (-half * (F_pR_r + F_mR_r) + per_4M * (q_minus *
            F_pR_r + q_plus * F_mR_r + (A_r - B_r) * qx - (A_i - B_i) * qy)) - odd_photon * qx * j0_r + odd_photon * qy
            * j0_i);
        const Real SR3_i = TR3_i - k_plus * per_mX2 * (odd_nucleus * (-half * (F_pR_i + F_mR_i) + per_4M * (q_minus *
            F_pR_i + q_plus * F_mR_i + (A_r - B_r) * qy + (A_i - B_i) * qx)) - odd_photon * qx * j0_i - odd_photon * qy
            * j0_r);
        const Real SL3_r = TL3_r - k_plus * per_mX2 * (odd_nucleus * (-half * (F_pL_r + F_mL_r) + per_4M * (q_minus *
            F_pL_r + q_plus * F_mL_r - (A_r - B_r) * qx - (A_i - B_i) * qy)) - odd_photon * qx * j0_r - odd_photon * qy
            * j0_i);
        const Real SL3_i = TL3_i - k_plus * per_mX2 * (odd_nucleus * (-half * (F_pL_i + F_mL_i) + per_4M * (q_minus *
            F_pL_i + q_plus * F_mL_i + (A_r - B_r) * qy - (A_i - B_i) * qx)) - odd_photon * qx * j0_i + odd_photon * qy
            * j0_r);
        const Real S00_r = T00_r - 2 * per_k * (odd_nucleus * force_p_r - odd_photon * (jT_r + q3 * lp_plus)) + per_mX2
            * (odd_nucleus * half * (k_plus * force_m_r + k_minus * force_p_r) - odd_photon * (v.EX * jT_r + half * q3 *
            (k_minus * lp_plus - k_plus * j_minus_r)));
        const Real S00_i = T00_i - 2 * per_k * (odd_nucleus * force_p_i - odd_photon * jT_i) + per_mX2 * (odd_nucleus *
            half * (k_plus * force_m_i + k_minus * force_p_i) - odd_photon * (v.EX * jT_i - half * q3 * k_plus *
            j_minus_i));
        const Real flip_jT_r = qx * r_plus * half;
        const Real flip_jT_i = qy * r_plus * half;
        const Real flip_force_p_r = -half * r_plus * qx - 2 * per_4M * (-half * q_plus * r_plus * qx - qx * flip_F_pL *
            half);
        const Real flip_force_p_i = -half * r_plus * qy - 2 * per_4M * (-half * q_plus * r_plus * qy - qy * flip_F_pL *
            half);
        const Real flip_force_m_r = 2 * per_4M * (-half * q_minus * r_plus * qx + (-qx * v.t1 + qx * flip_F_mR_r + qy *
            flip_F_mR_i) * half) + half * r_plus * qx;
        const Real flip_force_m_i = 2 * per_4M * (-half * q_minus * r_plus * qy + (-qy * v.t1 + qx * flip_F_mR_i - qy *
            flip_F_mR_r) * half) + half * r_plus * qy;
        const Real flip_SR3_r = flip_TR3_r - k_plus * per_mX2 * (odd_nucleus * (-half * flip_F_mR_r + per_4M * (q_plus *
            flip_F_mR_r - r_plus * qx * qx + r_plus * qy * qy)) - odd_photon * qx * flip_j0_r + odd_photon * qy *
            flip_j0_i);
        const Real flip_SR3_i = flip_TR3_i - k_plus * per_mX2 * (odd_nucleus * (-half * flip_F_mR_i + per_4M * (q_plus *
            flip_F_mR_i - r_plus * qx * qy - r_plus * qy * qx)) - odd_photon * qx * flip_j0_i - odd_photon * qy *
            flip_j0_r);
        const Real flip_SL3_r = flip_TL3_r - k_plus * per_mX2 * (odd_nucleus * (-half * (flip_F_pL - v.t1) + per_4M *
            (q_minus * flip_F_pL - q_plus * v.t1 + r_plus * qx * qx + r_plus * qy * qy)) - odd_photon * qx * flip_j0_r -
            odd_photon * qy * flip_j0_i);
        const Real flip_SL3_i = flip_TL3_i - k_plus * per_mX2 * (odd_nucleus * per_4M * (-r_plus * qx * qy + r_plus * qy
            * qx) - odd_photon * qx * flip_j0_i + odd_photon * qy * flip_j0_r);
        const Real flip_S00_r = flip_T00_r - 2 * per_k * (odd_nucleus * flip_force_p_r - odd_photon * flip_jT_r) +
            per_mX2 * (odd_nucleus * half * (k_plus * flip_force_m_r + k_minus * flip_force_p_r) - odd_photon * (v.EX *
            flip_jT_r + half * q3 * k_plus * qx));
        const Real flip_S00_i = flip_T00_i - 2 * per_k * (odd_nucleus * flip_force_p_i - odd_photon * flip_jT_i) +
            per_mX2 * (odd_nucleus * half * (k_plus * flip_force_m_i + k_minus * flip_force_p_i) - odd_photon * (v.EX *
            flip_jT_i + half * q3 * k_plus * qy));
        const Real sum = TRR_r * TRR_r + TRR_i * TRR_i + TLL_r * TLL_r + TLL_i * TLL_i + r2 * (SR3_r * SR3_r + SR3_i *
            SR3_i + SL3_r * SL3_r + SL3_i * SL3_i) + two_thirds * (S00_r * S00_r + S00_i * S00_i);
        const Real flip_sum = flip_TRR_r * flip_TRR_r + flip_TRR_i * flip_TRR_i + flip_TLL_r * flip_TLL_r + flip_TLL_i *
            flip_TLL_i + r2 * (flip_SR3_r * flip_SR3_r + flip_SR3_i * flip_SR3_i + flip_SL3_r * flip_SL3_r + flip_SL3_i
            * flip_SL3_i) + two_thirds * (flip_S00_r * flip_S00_r + flip_S00_i * flip_S00_i);
        const Real L = 32 * v.M * v.M * per_p_plus * per_l_plus * (sum + m2 * flip_sum);
        return L;
    }
}

}  // namespace detail

/// Lepton tensor of l N -> l N G for a massive spin-2 mediator, -(c/Lambda) G^{mu nu} T_{mu nu}.
///
///   L = sum over all spins of |eps*_{mu nu} (c_lepton M_lepton + c_photon M_photon + c_nucleus M_nucleus)^{mu nu}|^2
///
/// with e^2 Z F(t)/(Lambda q^2) taken out.  Light-front helicity amplitudes along k in the rest frame of the
/// nucleus; identical to the Feynman diagrams of tools/derive/tensor_diagrams.py (derivation in
/// tools/derive/tensor.py).  No 1/m_X occurs for equal couplings; unequal ones break k_mu M^{mu nu} = 0 and L
/// grows like 1/m_X^4, as it does in the effective theory.  For m_X > 2M an antinucleus can go on shell
/// (D_i = 0): not meaningful there.
///
/// @param v    point of phase space; reads the laboratory quantities and s, U, t, t1
/// @param m    lepton mass [GeV]
/// @param m_X  mediator mass [GeV]
/// @param c    couplings in units of 1/Lambda
/// @return     L [GeV^4]
template <class Real>
[[nodiscard]] inline Real tensor_squared(const Point<Real>& v, Real m, Real m_X,
                                         const TensorCouplings<Real>& c) noexcept {
    if (c.lepton == c.photon && c.photon == c.nucleus) return detail::tensor_squared<true>(v, m, m_X, c);
    return detail::tensor_squared<false>(v, m, m_X, c);
}

}  // namespace pheno
