/// Where the total cross section is sampled in s at fixed t, and how a window in E_X divides that range.
///
/// At fixed t the mediator energies reached by a pair of mass^2 s + m^2 are an interval [E_-, E_+].  An edge E_c of
/// the window lies inside for s0 < s < s0 + 4 k p' (kinematics.hpp, at E_X = E_c): there only part of the directions
/// counts.  The integral over s is split at these two values.  Between them it has a step where the edge crosses the
/// peak at k parallel to p (for the tensor p' parallel to p too), of the width of that peak: panels are graded there.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>

#include "pheno/limits.hpp"
#include "pheno/pair_frame.hpp"
#include "pheno/spectrum_nodes.hpp"

namespace pheno::etl {

/// The part of the range of E_X that counts.
struct Window {
    bool open = false;
    bool cut_low = false, cut_high = false;  ///< whether an edge is inside the kinematic range
    EnergyShare<double> low{}, high{};       ///< at the edges
};

[[nodiscard]] inline Window make_window(const Reaction<double>& c, double x_min, double x_max) noexcept {
    Window out;
    const EnergyRange full = energy_range(c);
    const EnergyRange open = windowed(full, c, x_min, x_max);
    out.open = open.open;
    if (!open.open) return out;
    out.cut_low = open.kinetic_min > full.kinetic_min;
    out.cut_high = open.recoil_min > full.recoil_min;
    out.low = share_from_mediator(c, open.kinetic_min);
    out.high = share_from_recoil(c, open.recoil_min);
    return out;
}

/// An interval of the rapidity eta of the pair: of eta itself, of y with eta = centre + width sinh(y) if width > 0, or,
/// where the pair comes to rest in the laboratory, of its momentum Q, on which everything then depends.
struct PairPanel {
    double from = 0.0, to = 0.0;
    double centre = 0.0, width = 0.0;
    bool whole = true;      ///< all directions count
    double rest_eta = 0.0;  ///< eta at which Q would vanish; 0: the panel is not one in Q
    double mmX = 0.0;       ///< m m_X, for panels in Q

    /// eta at u in (0, 1), with deta/du.
    [[nodiscard]] double at(double u, double& jacobian) const noexcept {
        double x = from + (to - from) * u;
        jacobian = to - from;
        if (width > 0.0) {
            const double up = exp_same(x), down = 1 / up;
            jacobian *= width * (up + down) / 2;
            x = centre + width * (up - down) / 2;
        }
        if (!(rest_eta > 0.0)) return x;
        // Q^2 = 2 m m_X (cosh(rest_eta) - cosh(eta)), eta falls with Q
        const double far = std::sinh(rest_eta / 2);
        const double sh = std::sqrt(std::max(0.0, far * far - x * x / (4 * mmX)));
        jacobian *= x / (mmX * 2 * sh * std::sqrt(1 + sh * sh));
        return 2 * std::asinh(sh);
    }
};

struct PairPanels {
    static constexpr int capacity = 96;
    int count = 0;
    bool overflow = false;  ///< a panel was left out: no value can be given
    std::array<PairPanel, capacity> at{};

    void add(const PairPanel& panel) noexcept {
        if (!(panel.to > panel.from)) return;
        overflow = overflow || count == capacity;
        if (!overflow) at[static_cast<std::size_t>(count++)] = panel;
    }
};

inline constexpr double longest_pair_panel = 3.0;  ///< in eta
inline constexpr double longest_graded_panel = 4.0;  ///< in y
inline constexpr double graded_reach = 1.0;  ///< in eta

/// A step of the integral over directions, in eta.
struct Step {
    double centre, width;
};
inline constexpr Step unused{HUGE_VAL, HUGE_VAL};

struct Steps {
    int count = 0;
    std::array<Step, 6> at{unused, unused, unused, unused, unused, unused};
    void add(double centre, double width) noexcept { at[static_cast<std::size_t>(count++)] = {centre, width}; }
    /// In increasing order, those wider than `widest` left out; of two that overlap the narrower one remains, whose map
    /// is logarithmic at the distance of the other.
    void settle(double widest) noexcept {
        std::sort(at.begin(), at.end(), [](const Step& a, const Step& b) { return a.centre < b.centre; });
        int kept = 0;
        for (int i = 0; i < count; ++i) {
            const Step next = at[static_cast<std::size_t>(i)];
            if (!(next.width < widest)) continue;
            if (kept > 0) {
                Step& last = at[static_cast<std::size_t>(kept - 1)];
                if (next.centre - last.centre < next.width + last.width) {
                    if (next.width < last.width) last = next;
                    continue;
                }
            }
            at[static_cast<std::size_t>(kept++)] = next;
        }
        count = kept;
    }
};

/// Values of eta where the edge at E_X = `e` enters and leaves [E_-, E_+]; empty where it never is inside.
struct EdgeRange {
    double from = 0.0, to = 0.0;
};

template <bool with_t1>
[[nodiscard]] inline EdgeRange edge_range(const Reaction<double>& c, const Exchange<double>& x,
                                          const EnergyShare<double>& e, Steps& steps) noexcept {
    if (!(e.w > x.T)) return {};
    const Recoil<double> h = make_recoil(c, e, x.t);
    const double above = h.s0 - c.m_X * (c.m_X + 2 * c.m);  // s at k parallel to p', above threshold
    const EdgeRange out{pair_rapidity(c, above), pair_rapidity(c, above + h.z_full)};
    const auto add = [&](const Feature& f) {
        if (!(h.s0 + f.centre > 0.5 * h.s0)) return;
        const double eta = pair_rapidity(c, above + f.centre);
        const double slope = 2 * c.m * c.m_X * std::sinh(std::max(eta, 1e-3));  // ds/deta
        steps.add(eta, std::max(1e-9, f.width / slope));
    };
    add(pheno::detail::collinear_feature(c, h, e.k, h.pp, e.r, e.U0));
    if constexpr (with_t1) {
        const double p_minus_pp = (e.EX + h.T) * (c.E + h.Ep) / (c.p + h.pp);
        add(pheno::detail::collinear_feature(c, h, h.pp, e.k, p_minus_pp, h.t1_min));
    }
    return out;
}

inline void add_equal_panels(PairPanels& out, PairPanel panel, double from, double to, double longest) noexcept {
    if (!(to > from)) return;
    const int count = static_cast<int>(std::ceil((to - from) / longest));
    for (int i = 0; i < count; ++i) {
        panel.from = from + (to - from) * i / count;
        panel.to = from + (to - from) * (i + 1) / count;
        out.add(panel);
    }
}

/// Equal panels of [from, to] like `plain`; graded up to `reach` to both sides of a step.
inline void add_pair_panels(PairPanels& out, const PairPanel& plain, double from, double to, const Steps& steps,
                            double reach, double longest) noexcept {
    double low = from;
    for (int i = 0; i < steps.count; ++i) {
        const Step& step = steps.at[static_cast<std::size_t>(i)];
        const double start = std::min(to, std::max(low, step.centre - reach));
        double end = std::min(to, step.centre + reach);
        if (i + 1 < steps.count) {
            end = std::min(end, (step.centre + steps.at[static_cast<std::size_t>(i) + 1].centre) / 2);
        }
        if (!(end > start)) continue;
        add_equal_panels(out, plain, low, start, longest);
        PairPanel graded = plain;
        graded.centre = step.centre;
        graded.width = step.width;
        add_equal_panels(out, graded, std::asinh((start - step.centre) / step.width),
                         std::asinh((end - step.centre) / step.width), longest_graded_panel);
        low = end;
    }
    add_equal_panels(out, plain, low, to, longest);
}

/// A stretch of eta on which only part of the directions counts, or all of them with a dependence on E_X.
///
/// Where Q falls to less than a third in the stretch, its lower half is integrated in Q.
inline void add_cut_panels(PairPanels& out, const Reaction<double>& c, const Exchange<double>& x, double from,
                           double to, const Steps& steps) noexcept {
    const double mmX = c.m * c.m_X, E_Q = c.E - x.T;
    const double above = E_Q * E_Q - (c.m + c.m_X) * (c.m + c.m_X);  // Q^2 at threshold of the pair
    const double rest_eta = 2 * std::asinh(std::sqrt(above / (4 * mmX)));
    const auto momentum = [&](double eta) {
        const double sh = std::sinh(eta / 2);
        return std::sqrt(std::max(0.0, above - 4 * mmX * sh * sh));
    };
    PairPanel panel{};
    panel.whole = false;
    const double high = momentum(from), low = std::min(high, momentum(to));
    if (low > high / 3) {
        add_pair_panels(out, panel, from, to, steps, graded_reach, longest_pair_panel);
        return;
    }
    const double middle = 2 * std::asinh(std::sqrt((above - high * high / 4) / (4 * mmX)));
    add_pair_panels(out, panel, from, middle, steps, graded_reach, longest_pair_panel);
    Steps in_Q;
    for (int i = 0; i < steps.count; ++i) {
        const Step& step = steps.at[static_cast<std::size_t>(i)];
        const double Q = momentum(step.centre);
        if (Q > 0.0 && Q < high) in_Q.add(Q, step.width * mmX * std::sinh(step.centre) / Q);
    }
    in_Q.settle(high / 2);
    panel.rest_eta = rest_eta;
    panel.mmX = mmX;
    add_pair_panels(out, panel, low, high / 2, in_Q, high / 2, high);
}

/// Range of E_X of a pair, each end by the kinetic energy that is small there.
struct PairEnergies {
    double kinetic_min;  ///< E_- - m_X
    double lepton_min;   ///< smallest E' - m
    double spread;       ///< E_+ - E_-
};

[[nodiscard]] inline PairEnergies pair_energies(const Reaction<double>& c, const Exchange<double>& x,
                                                const PairFrame<double>& y) noexcept {
    const double E_Q = c.E - x.T, W2 = y.W * y.W;
    const double X2 = c.m_X * c.m_X, m2 = c.m * c.m;
    const double E_k = (y.s + X2) / (2 * y.W), E_l = (y.s + 2 * m2 - X2) / (2 * y.W);
    // E_- = (m_X^2 E_Q^2 + k^2 W^2)/(W (E_Q E_k + Q k)), and its momentum is (Q E_k - E_Q k)/W
    const double k_back = (y.Q * E_k - E_Q * y.k) / y.W, l_back = (y.Q * E_l - E_Q * y.k) / y.W;
    const double low = (X2 * E_Q * E_Q + y.k * y.k * W2) / (y.W * (E_Q * E_k + y.Q * y.k));
    const double low_l = (m2 * E_Q * E_Q + y.k * y.k * W2) / (y.W * (E_Q * E_l + y.Q * y.k));
    return {k_back * k_back / (low + c.m_X), l_back * l_back / (low_l + c.m), 2 * y.Q * y.k / y.W};
}

/// The directions that count: from `from` to `to` in 1 - cos(k, Q), with the same distances from the other end.
struct DirectionRange {
    double from = 0.0, to = 2.0;            ///< 1 - cos
    double from_back = 0.0, to_back = 2.0;  ///< 1 + cos, from at 1 - cos = `to`
};

[[nodiscard]] inline DirectionRange direction_range(const Reaction<double>& c, const Exchange<double>& x,
                                                    const PairFrame<double>& y, const Window& window) noexcept {
    DirectionRange out;
    const PairEnergies energies = pair_energies(c, x, y);
    const double half = energies.spread / 2;
    const auto clip = [](double v) { return std::min(2.0, std::max(0.0, v)); };
    if (window.cut_low) {
        out.to = clip((window.low.w - x.T - energies.lepton_min) / half);
        out.from_back = clip((window.low.EX - c.m_X - energies.kinetic_min) / half);
    }
    if (window.cut_high) {
        out.from = clip((window.high.w - x.T - energies.lepton_min) / half);
        out.to_back = clip((window.high.EX - c.m_X - energies.kinetic_min) / half);
    }
    return out;
}

/// Panels in s at fixed t; none where the window is closed.
template <bool with_t1>
[[nodiscard]] PairPanels pair_panels(const Reaction<double>& c, const Exchange<double>& x,
                                     const Window& window) noexcept {
    PairPanels out;
    const double end = pair_rapidity(c, x.s_range);
    Steps steps;
    std::array<double, 6> cuts{0.0, end, end, end, end, end};
    std::size_t used = 2;
    const auto edge = [&](const EnergyShare<double>& share) {
        const EdgeRange range = edge_range<with_t1>(c, x, share, steps);
        cuts[used++] = std::min(end, range.from);
        cuts[used++] = std::min(end, range.to);
    };
    if (window.cut_low) edge(window.low);
    if (window.cut_high) edge(window.high);
    steps.settle(graded_reach);
    std::sort(cuts.begin(), cuts.end());
    for (std::size_t i = 0; i + 1 < cuts.size(); ++i) {
        if (!(cuts[i + 1] > cuts[i])) continue;
        bool whole = true;
        if (used > 2) {
            const double middle = (cuts[i] + cuts[i + 1]) / 2;
            const PairFrame<double> y = make_pair_frame(c, x, std::sinh(middle / 2), std::cosh(middle / 2));
            const DirectionRange range = direction_range(c, x, y, window);
            if (!(range.to > range.from)) continue;
            whole = range.from == 0.0 && range.to == 2.0;
        }
        if (whole && !with_t1) {
            add_equal_panels(out, PairPanel{}, cuts[i], cuts[i + 1], longest_pair_panel);
        } else {
            add_cut_panels(out, c, x, cuts[i], cuts[i + 1], steps);
        }
    }
    return out;
}

}  // namespace pheno::etl
