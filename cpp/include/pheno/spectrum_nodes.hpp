/// Where d sigma/dE_X is sampled: maps that make the integrand smooth at fixed mediator energy.
///
///   t     panels in ln t, split where the limits of z change form
///   z     s = s0 + z.  The integrand, averaged over phi, peaks at s = s0 with width s0 (k parallel to p'),
///         at z_U (k parallel to p) and, for the tensor, at z_t1 (p' parallel to p).  Each peak is a
///         "feature"; the z axis is divided among the features and mapped by z = c + w sinh(eta).
#pragma once

#include <algorithm>
#include <array>
#include <cmath>

#include "gauss_legendre.hpp"
#include "pheno/form_factor.hpp"
#include "pheno/ladder.hpp"
#include "pheno/limits.hpp"
#include "pheno/vector_exp.hpp"

namespace pheno {

/// Orders of the Gauss rules: indices into gauss_legendre[] per panel of t and z.
struct Level {
    int t, z;
    int light_t, light_z;  ///< for panels guessed to matter less
};

/// Refinement ladder.  Each step raises every order, by about a factor 5 in accuracy at the lower end and 10
/// higher up, so that the difference of two neighbouring levels is dominated by the error of the coarser one.
/// The orders of light panels rise with every step too: a panel wrongly guessed to be light shows in the difference.
inline constexpr Level levels[] = {
    {1, 1, 0, 0},  {2, 2, 1, 1},    {3, 3, 2, 2},     {4, 4, 3, 3},     {5, 6, 4, 4},     {6, 8, 5, 6},
    {8, 10, 6, 8}, {10, 12, 8, 10}, {12, 14, 10, 12}, {14, 16, 12, 14}, {16, 18, 14, 16}, {17, 19, 16, 18},
};
static_assert(sizeof levels / sizeof levels[0] == etl::ladder_count);

// Longest panels, in units of the mapped variable.
inline constexpr double longest_t_panel = 5.0;
inline constexpr double longest_z_panel = 4.0;

/// Nodes in z with their weights, buffered so that the map and the kernel run over long arrays.
///
///   z = centre + half (e^eta - shift e^-eta),  dz/deta = half (e^eta + shift e^-eta) + flat
struct NodeBuffer {
    static constexpr int capacity = 128;
    static constexpr int lanes = 4;  ///< n is padded to a multiple of this with nodes of weight 0
    int n = 0;
    alignas(64) double eta[capacity], centre[capacity], half[capacity], shift[capacity], flat[capacity];
    alignas(64) double weight[capacity];  ///< of eta until mapped, of z afterwards
    alignas(64) double z[capacity];
};

/// A peak of the integrand in z.  `logarithmic`: the peak at s = s0, mapped by ln s.
struct Feature {
    double centre;
    double width;
    bool logarithmic;
};

struct Features {
    int count = 0;
    std::array<Feature, 3> at{};
};

namespace detail {

/// A t1 peak below this fraction of s0 is nearer to the lower end of z than to where the s peak falls off.
inline constexpr double below_s_peak = 0.25;

/// z at which v (p' or k) is parallel to p, and the width of the peak of the averaged 1/D there,
/// D the invariant that is smallest for v parallel to p.
///
/// @param v, other   momenta of the particle parallel to p and of the third particle
/// @param along      p - v
/// @param D0         smallest value of D
[[nodiscard]] inline Feature collinear_feature(const Reaction<double>& c, const Recoil<double>& h, double v,
                                               double other, double along, double D0) noexcept {
    const double pull = h.q * h.q + h.q_min * (along + other);  // -2 q_z (p - v), cancellation-free
    const double qz = pull / (2 * along);
    const double s = c.p / along * pull - 2 * h.T * c.E - h.t;
    const double EQ = c.E - h.T;
    const double Q2 = EQ * EQ - c.m * c.m - s;
    const double qT2 = std::max(0.0, (h.q - qz) * (h.q + qz));
    const double swing = 4 * c.p * v * qT2 / Q2;
    const double width = std::sqrt(D0 * (D0 + std::max(0.0, swing)) * std::max(Q2, along * along)) / along;
    return {s - h.s0, width, false};
}

}  // namespace detail

/// Features in increasing order of z.  Peaks that are not narrower than their distance to the one
/// at s = s0 need no treatment of their own.
template <bool with_t1>
[[nodiscard]] inline Features find_features(const Reaction<double>& c, const EnergyShare<double>& e,
                                            const Recoil<double>& h) noexcept {
    Features out;
    const Feature base{-h.s0, h.s0, true};
    const Feature k_peak = detail::collinear_feature(c, h, e.k, h.pp, e.r, e.U0);
    const bool use_k = k_peak.centre > 2 * h.s0;
    if constexpr (with_t1) {
        const double p_minus_pp = (e.EX + h.T) * (c.E + h.Ep) / (c.p + h.pp);
        const Feature l_peak = detail::collinear_feature(c, h, h.pp, e.k, p_minus_pp, h.t1_min);
        const double apart = l_peak.centre + h.s0;
        const bool near_k = use_k && std::abs(l_peak.centre - k_peak.centre) < l_peak.width + k_peak.width;
        if (l_peak.width < apart / 2) {
            if (near_k) {  // one map, with the smaller width
                const Feature both = l_peak.width < k_peak.width ? l_peak : k_peak;
                out.at = {base, both, {}};
                out.count = 2;
                return out;
            }
            out.count = 0;
            if (l_peak.centre < detail::below_s_peak * h.s0) {
                out.at[static_cast<std::size_t>(out.count++)] = l_peak;
                out.at[static_cast<std::size_t>(out.count++)] = base;
                if (use_k) out.at[static_cast<std::size_t>(out.count++)] = k_peak;
            } else {
                out.at[static_cast<std::size_t>(out.count++)] = base;
                out.at[static_cast<std::size_t>(out.count++)] = l_peak;
                if (use_k) out.at[static_cast<std::size_t>(out.count++)] = k_peak;
                if (out.count == 3 && out.at[1].centre > out.at[2].centre) std::swap(out.at[1], out.at[2]);
            }
            return out;
        }
    }
    out.at[0] = base;
    out.count = 1;
    if (use_k) out.at[static_cast<std::size_t>(out.count++)] = k_peak;
    return out;
}

/// z that divides the territories of two neighbouring features: half way.  In either map the other's singularity
/// then is ln 2 away from the boundary, whatever the widths.
[[nodiscard]] inline double boundary(const Feature& a, const Feature& b, double s0) noexcept {
    if (b.logarithmic) return 2 * detail::below_s_peak * s0;  // t1 peak below the s peak
    return (a.centre + b.centre) / 2;
}

/// A panel in t: an interval in ln t, graded towards one end if something sharp happens there.
struct TPanel : etl::Rung {
    double low = 0.0, high = 0.0;  ///< [GeV^2]
    double sharp_low = 0.0;   ///< width in ln t of what happens at the lower end; 0: nothing
    double sharp_high = 0.0;  ///< the same at the upper end
    double root_at = 0.0;     ///< the integrand depends on sqrt(root_at - t), root_at >= high; 0: it does not
    double from = 0.0, to = 1.0;  ///< part of the mapped interval that this panel covers
    bool light = false;       ///< guessed to hold less than a hundredth of the integral
    double opens_at = 0.0;    ///< lower end of the open stretch that the panel belongs to; read by its user only
    double closes_at = 0.0;   ///< its upper end

    /// t at u in (0, 1), with dt/du.
    [[nodiscard]] double at(double unit, double& jacobian) const noexcept {
        double beyond = 0.0;
        return at(unit, jacobian, beyond);
    }

    /// The same with t - low, of which nothing is lost.
    [[nodiscard]] double at(double unit, double& jacobian, double& beyond) const noexcept {
        const double u = from + (to - from) * unit;
        const double t = whole(u, jacobian, beyond);
        jacobian *= to - from;
        return t;
    }

private:
    [[nodiscard]] double whole(double u, double& jacobian, double& beyond) const noexcept {
        if (root_at > 0.0) {
            const double rest = 1 - u;
            jacobian = 2 * (root_at - low) * rest;
            beyond = (root_at - low) * u * (1 + rest);
            return root_at - (root_at - low) * rest * rest;
        }
        const double length = std::log(high / low);
        double shift = length * u, slope = length;  // ln(t/low)
        if (sharp_low > 0.0) {
            graded(sharp_low, length, u, shift, slope);
        } else if (sharp_high > 0.0) {
            graded(sharp_high, length, 1 - u, shift, slope);
            shift = length - shift;
        }
        const double t = low * exp_same(shift);
        jacobian = t * slope;
        const double series = shift * (1 + shift / 2 * (1 + shift / 3 * (1 + shift / 4 * (1 + shift / 5))));
        beyond = shift > 0.01 ? t - low : low * series;
        return t;
    }

    /// shift = width sinh(eta), linear within the width of the sharp end and logarithmic beyond.
    static void graded(double width, double length, double u, double& shift, double& slope) noexcept {
        const double top = std::asinh(length / width);
        const double up = exp_same(top * u), down = 1 / up;
        shift = width * (up - down) / 2;
        slope = width * (up + down) / 2 * top;
    }
};

struct TPanels {
    static constexpr int capacity = 96;
    int count = 0;
    double top_scale = HUGE_VAL;  ///< largest scale of the form factor, if nothing new happens above it and all falls
    std::array<TPanel, capacity> at{};

    /// Whether the integrand only falls from this panel on, but for what phase space does at its end.
    [[nodiscard]] bool falling_from(int i) const noexcept { return at[static_cast<std::size_t>(i)].low > top_scale; }
};

namespace detail {

/// Append [low, high] in equal panels of ln t; short in sqrt(t) too where the form factor oscillates.
inline void add_t_panels(TPanels& out, const FormFactor& G2, TPanel whole) noexcept {
    const double sharp = std::max(whole.sharp_low, whole.sharp_high);
    if (sharp > 0.0) {  // at most one e-fold: panels of equal length in the graded variable
        const int count = std::max(1, static_cast<int>(std::ceil(std::asinh(1 / sharp) / longest_z_panel)));
        for (int i = 0; i < count && out.count < TPanels::capacity; ++i) {
            TPanel panel = whole;
            panel.from = static_cast<double>(i) / count;
            panel.to = static_cast<double>(i + 1) / count;
            out.at[static_cast<std::size_t>(out.count++)] = panel;
        }
        return;
    }
    const double length = std::log(whole.high / whole.low);
    const double swings = std::sqrt(G2.radius2) * (std::sqrt(whole.high) - std::sqrt(whole.low)) / 3.0;
    const int wanted = static_cast<int>(std::ceil(std::min(1e3, std::max(length / longest_t_panel, swings))));
    const int count = std::min(TPanels::capacity / 6, std::max(1, wanted));
    double low = whole.low;
    for (int i = 0; i < count && out.count < TPanels::capacity; ++i) {
        TPanel panel = whole;
        panel.low = low;
        panel.high = i + 1 == count ? whole.high : whole.low * exp_same(length * (i + 1) / count);
        low = panel.high;
        out.at[static_cast<std::size_t>(out.count++)] = panel;
    }
}

/// Split one stretch between turning points: the e-fold next to a sharp end is a panel of its own.
inline void add_t_stretch(TPanels& out, const FormFactor& G2, double low, double high, double sharp_low,
                          double sharp_high, double root_at) noexcept {
    const auto between = [](double from, double to) {
        TPanel panel{};
        panel.low = from;
        panel.high = to;
        return panel;
    };
    TPanel plain = between(low, high);
    const double half = std::sqrt(low * high);
    const bool root = root_at - high < high - low;  // the lepton comes to rest, or nearly
    if (sharp_low > 0.0) {
        TPanel panel = between(low, std::min(low * 2.718281828459045, sharp_high > 0.0 || root ? half : high));
        panel.sharp_low = sharp_low;
        add_t_panels(out, G2, panel);
        plain.low = panel.high;
    }
    TPanel last = between(high, high);  // empty unless there is something to grade at the upper end
    if (sharp_high > 0.0 || root) {
        last.low = std::max(high / 2.718281828459045, sharp_low > 0.0 ? half : low);
        if (root) {
            last.root_at = root_at;
            last.to = 1 - std::sqrt((root_at - high) / (root_at - last.low));
        } else {
            last.sharp_high = sharp_high;
        }
        plain.high = last.low;
    }
    if (plain.low < plain.high) add_t_panels(out, G2, plain);
    if (!(last.low < last.high)) return;
    if (!root) {
        add_t_panels(out, G2, last);
        return;
    }
    // what happens at root_at is felt over distances from it: panels grow with that
    const auto push = [&](double from, double to) {
        if (out.count == TPanels::capacity) return;
        TPanel panel = last;
        panel.from = from;
        panel.to = to;
        out.at[static_cast<std::size_t>(out.count++)] = panel;
    };
    const double nearest = 1 - last.to;
    double from = 0.0;
    for (double edge = 0.25; nearest > 0.0 && edge > 2 * nearest; edge *= 0.25) {
        push(from, 1 - edge);
        from = 1 - edge;
    }
    push(from, last.to);
}

}  // namespace detail

/// Panels at fixed E_X.  The share of each in the integral is guessed from
///
///   G2(t)/t (1 - t_min/t) / (1 + t/t_D),   t_D = U0 E/E_X
///
/// (photon flux times the fall of the Compton cross section with virtuality); light panels get lower orders.
///
/// @tparam with_t1  the amplitude has a pole at p' parallel to p (and then no fall with virtuality)
template <bool with_t1>
[[nodiscard]] TPanels t_panels(const Reaction<double>& c, const EnergyShare<double>& e, const FormFactor& G2) noexcept {
    TPanels out;
    const MomentumTransferRange range = momentum_transfer_range(c, e);
    if (range.count < 2) return out;
    const auto scales = G2.scales();
    out.top_scale = *std::max_element(scales.begin(), scales.end());
    const double t_D = with_t1 ? std::max(out.top_scale, 1.0) : e.U0 * c.E / e.EX;
    const auto sharpness = [&](std::size_t i) {
        double width = 0.0;  // relative width of the peak in z, and so of its passage in ln t
        if (range.kind[i] == TurningPoint::k_parallel_p) width = 2 * std::sqrt(e.U0 * c.E / (e.EX * range.t[i]));
        if (with_t1 && range.kind[i] == TurningPoint::p_out_parallel) {
            width = 2 * c.m * e.EX / (c.E * std::sqrt(range.t[i]));
        }
        if (with_t1 && i == 0) {  // z opens up from 0: the t1 peak, of width t1_min |Q|/k, comes first
            const Recoil<double> h = make_recoil(c, e, range.t[0]);
            width = 2 * h.t1_min * (e.k + h.pp) / (e.k * h.s0);
        }
        return width < 4.0 ? std::min(width, 1.0) : 0.0;
    };
    for (std::size_t j = 0; j + 1 < static_cast<std::size_t>(range.count); ++j) {
        detail::add_t_stretch(out, G2, range.t[j], range.t[j + 1], sharpness(j), sharpness(j + 1), 2 * c.M * e.w);
    }
    std::array<double, TPanels::capacity> weight{};
    double largest = 0.0;
    for (int i = 0; i < out.count; ++i) {
        const auto here = static_cast<std::size_t>(i);
        const double length = std::log(out.at[here].high / out.at[here].low);
        double height = 0.0;
        for (int n = 0; n < 3; ++n) {
            const double t = out.at[here].low * exp_same(length * (0.1 + 0.4 * n));
            height = std::max(height, G2(t) / t * (1 - range.t[0] / t) / (1 + t / t_D));
        }
        weight[here] = length * height;
        largest = std::max(largest, weight[here]);
    }
    for (int i = 0; i < out.count; ++i) {
        const auto here = static_cast<std::size_t>(i);
        out.at[here].light = weight[here] < 0.01 * largest;
    }
    return out;
}

}  // namespace pheno
