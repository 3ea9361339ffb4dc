/// Where the total cross section is sampled in t: tau with t = t_min cosh^2(tau), logarithmic far above t_min and
/// without the root that the opening of phase space has in t.
///
/// Panels end where the edges of a window in E_X enter or leave, and are graded where such an edge takes the peak at
/// k parallel to p with it; they are short where the form factor oscillates or falls exponentially.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>

#include "pheno/form_factor.hpp"
#include "pheno/ladder.hpp"
#include "pheno/pair_panels.hpp"

namespace pheno::etl {

/// An interval of tau: of tau itself, of y with tau = centre + width sinh(y) if width > 0, or with `root` of r,
/// tau = root_at - r^2, on which the integral depends where phase space closes (and r may be graded in turn).
struct ExchangePanel : Rung {
    double from = 0.0, to = 0.0;
    double centre = 0.0, width = 0.0;
    bool root = false;
    double root_at = 0.0;

    /// tau at u in (0, 1), with |dtau/du|.
    [[nodiscard]] double at(double u, double& jacobian) const noexcept {
        double x = from + (to - from) * u;
        jacobian = to - from;
        if (width > 0.0) {
            const double up = exp_same(x), down = 1 / up;
            jacobian *= width * (up + down) / 2;
            x = centre + width * (up - down) / 2;
        }
        if (!root) return x;
        jacobian *= 2 * x;
        return root_at - x * x;
    }
};

/// The range of t, and tau in it.
struct ExchangeAxis {
    double t_min = 0.0, t_max = 0.0;

    [[nodiscard]] double t(double tau) const noexcept {
        const double up = exp_same(tau), ch = (up + 1 / up) / 2;
        return t_min * ch * ch;
    }
    /// Kinematics at tau, with the range of s from the distances of t to both its ends.
    [[nodiscard]] Exchange<double> exchange(const Reaction<double>& c, double tau) const noexcept {
        const double up = exp_same(tau), sh = (up - 1 / up) / 2;
        const double above = t_min * sh * sh;
        return exchange_between(c, t_min + above, above, std::max(0.0, (t_max - t_min) - above));
    }
    [[nodiscard]] double tau(double t) const noexcept {
        return std::asinh(std::sqrt(std::max(0.0, t - t_min) / t_min));
    }
};

struct ExchangePanels : ExchangeAxis {
    static constexpr int capacity = 160;
    int count = 0;
    bool overflow = false;  ///< a panel was left out: no value can be given
    std::array<ExchangePanel, capacity> at{};

    void add(const ExchangePanel& panel) noexcept {
        if (!(panel.to > panel.from)) return;
        overflow = overflow || count == capacity;
        if (!overflow) at[static_cast<std::size_t>(count++)] = panel;
    }

    /// They are not in order.
    [[nodiscard]] static constexpr bool falling_from(int) noexcept { return false; }
};

inline constexpr double longest_exchange_panel = 2.0;  ///< in tau: e^4 in t

/// t at the two ends of phase space: X and l' at relative rest, recoiling along the beam.
struct ExchangeRange {
    double low = 0.0, high = 0.0;
};

[[nodiscard]] inline ExchangeRange exchange_range(const Reaction<double>& c) noexcept {
    const double s = c.m_X * (c.m_X + 2 * c.m);
    const double total = c.E + c.M, S = c.m * c.m + c.M * c.M + 2 * c.M * c.E;
    const double excess = c.E - threshold_energy(c.m, c.M, c.m_X);
    if (!(excess > 0.0)) return {};
    // 4 M^2 p^2 - 4 M (E + M) s + s^2 = (s - s_1)(s - s_2), the smaller root s_1 reached by X l' at rest with N
    const double root_S = std::sqrt(S), rest = c.M + c.m + c.m_X;
    const double above = 2 * c.M * excess / (root_S + rest) * (root_S - c.M + c.m + c.m_X);  // s_1 - s
    const double width = 4 * c.M * root_S;                                                   // s_2 - s_1
    const double D = std::max(0.0, above * (above + width));
    const double high = (2 * c.M * c.p * c.p - total * s + c.p * std::sqrt(D)) / (2 * S);
    return {2 * c.M * s * s / (4 * S * high), 2 * c.M * high};
}

namespace detail {

/// Rate at which G2 falls exponentially in t; 0: like a power.
[[nodiscard]] inline double exponential_rate(const FormFactor& G2) noexcept {
    if (G2.kind == FormFactorKind::helm) return G2.skin2;
    if (G2.kind == FormFactorKind::exponential) return 1.0 / G2.size;
    return 0.0;
}

/// Largest t to which a panel beginning at t may reach, given how fast the form factor varies.
[[nodiscard]] inline double form_factor_step(const FormFactor& G2, double t) noexcept {
    double end = HUGE_VAL;
    if (G2.radius2 > 0.0) {  // 3 in z = sqrt(t) R: a swing has pi
        const double next = std::sqrt(t) + 3.0 / std::sqrt(G2.radius2);
        end = next * next;
    }
    const double rate = exponential_rate(G2);
    if (rate > 0.0) end = std::min(end, t + 4.0 / rate);
    return end;
}

/// Append [whole.from, whole.to] in panels no longer than `longest` and than the form factor allows.
inline void split(ExchangePanels& out, const FormFactor& G2, const ExchangePanel& whole, double longest,
                  double give_up) noexcept {
    const int count = std::max(1, static_cast<int>(std::ceil((whole.to - whole.from) / longest)));
    for (int i = 0; i < count; ++i) {
        ExchangePanel panel = whole;
        panel.from = whole.from + (whole.to - whole.from) * i / count;
        const double to = whole.from + (whole.to - whole.from) * (i + 1) / count;
        panel.to = to;
        double jacobian = 0.0;
        for (int j = 0; !panel.root && j < 24; ++j) {
            const double start = out.t(panel.at(0.0, jacobian));
            const double end = detail::form_factor_step(G2, start);
            if (start > give_up || !(end < out.t(panel.at(1.0, jacobian)))) break;
            const double tau = out.tau(end);
            panel.to = whole.width > 0.0 ? std::asinh((tau - whole.centre) / whole.width) : tau;
            if (!(panel.to > panel.from && panel.to < to)) {
                panel.to = to;
                break;
            }
            out.add(panel);
            panel.from = panel.to;
            panel.to = to;
        }
        out.add(panel);
    }
}

/// [from, to] of the variable of `plain`, graded up to `reach` to both sides of each step.
inline void add_graded(ExchangePanels& out, const FormFactor& G2, const ExchangePanel& plain, double from, double to,
                       const Steps& steps, double reach, double longest, double give_up) noexcept {
    const auto part = [&](double a, double b) {
        ExchangePanel panel = plain;
        panel.from = a;
        panel.to = b;
        if (b > a) split(out, G2, panel, longest, give_up);
    };
    double low = from;
    for (int i = 0; i < steps.count && low < to; ++i) {
        const Step& step = steps.at[static_cast<std::size_t>(i)];
        const double start = std::min(to, std::max(low, step.centre - reach));
        double end = std::min(to, step.centre + reach);
        if (i + 1 < steps.count) {
            end = std::min(end, (step.centre + steps.at[static_cast<std::size_t>(i) + 1].centre) / 2);
        }
        if (!(end > start)) continue;
        part(low, start);
        ExchangePanel graded = plain;
        graded.centre = step.centre;
        graded.width = step.width;
        graded.from = std::asinh((start - step.centre) / step.width);
        graded.to = std::asinh((end - step.centre) / step.width);
        split(out, G2, graded, longest_graded_panel, give_up);
        low = end;
    }
    part(low, to);
}

/// One stretch between kinks; `root_at`: the next value of tau, not below `to`, at which phase space closes like a root.
inline void add_stretch(ExchangePanels& out, const FormFactor& G2, double from, double to, double root_at,
                        const Steps& steps, double give_up) noexcept {
    constexpr double steep = 0.8, reach = 0.5;
    const auto scales = G2.scales();
    const auto plain = [&](double a, double b) {
        add_graded(out, G2, {}, a, b, steps, reach, longest_exchange_panel, give_up);
    };
    double start = to;
    if (root_at - to < to - from) start = std::min(to, std::max(root_at - reach, (from + to) / 2));
    if (from < steep && start > steep && out.t_min > 0.1 * *std::max_element(scales.begin(), scales.end())) {
        plain(from, steep);  // all of the integral is near t_min, falling like a high power of cosh(tau)
        from = steep;
    }
    if (from < start) plain(from, start);
    if (!(start < to)) return;
    Steps in_r;
    for (int i = 0; i < steps.count; ++i) {
        const Step& step = steps.at[static_cast<std::size_t>(i)];
        const double r = std::sqrt(std::max(0.0, root_at - step.centre));
        if (r > 0.0 && step.centre > start - reach) in_r.add(r, step.width / (2 * r));
    }
    ExchangePanel end{};
    end.root = true;
    end.root_at = root_at;
    const double nearest = std::sqrt(root_at - to), farthest = std::sqrt(root_at - start);
    in_r.settle(farthest);
    add_graded(out, G2, end, nearest, farthest, in_r, farthest, 1.0, give_up);
}

/// Values of tau between which the integral over s is analytic.
struct Kinks {
    struct Kink {
        double tau;
        bool root;  ///< phase space closes like the root of the distance
    };
    int count = 0;
    std::array<Kink, 16> at{};

    void add(double tau, bool root) noexcept { at[static_cast<std::size_t>(count++)] = {tau, root}; }
    void sort() noexcept {
        std::sort(at.begin(), at.begin() + count, [](const Kink& a, const Kink& b) { return a.tau < b.tau; });
    }
    /// The first of the roots from entry `i` on; the last entry is one.
    [[nodiscard]] double next_root(int i) const noexcept {
        while (i + 1 < count && !at[static_cast<std::size_t>(i)].root) ++i;
        return at[static_cast<std::size_t>(i)].tau;
    }
};

/// Where the edge of a window at E_X = `e` enters and leaves, and what passes through a corner of phase space there.
template <bool with_t1>
inline void add_edge(Kinks& kinks, Steps& steps, const ExchangePanels& panels, const Reaction<double>& c,
                     const EnergyShare<double>& e) noexcept {
    const MomentumTransferRange turns = momentum_transfer_range(c, e);
    for (int i = 0; i < turns.count; ++i) {
        const auto here = static_cast<std::size_t>(i);
        const double t = turns.t[here], tau = panels.tau(t);
        kinks.add(tau, turns.kind[here] == TurningPoint::lepton_at_rest);
        double width = HUGE_VAL;  // of the passage of the peak, in ln t
        if (turns.kind[here] == TurningPoint::k_parallel_p) width = 2 * std::sqrt(e.U0 * c.E / (e.EX * t));
        if (with_t1 && turns.kind[here] == TurningPoint::p_out_parallel) {
            width = 2 * c.m * e.EX / (c.E * std::sqrt(t));
        }
        if (with_t1 && i == 0) {
            const Recoil<double> h = make_recoil(c, e, t);
            width = 2 * h.t1_min * (e.k + h.pp) / (e.k * h.s0);
        }
        if (width < 2.0) steps.add(tau, width / 2);
    }
    const double t = 2 * c.M * (c.E - e.EX * (c.m + c.m_X) / c.m_X);  // the pair at relative rest has this E_X
    if (t > panels.t_min && t < panels.t_max) kinks.add(panels.tau(t), false);
}

template <bool with_t1>
[[nodiscard]] inline Kinks find_kinks(const ExchangePanels& panels, const Reaction<double>& c, const Window& window,
                                      Steps& steps) noexcept {
    Kinks kinks;
    kinks.add(0.0, false);
    kinks.add(panels.tau(panels.t_max), true);
    if (window.cut_low) add_edge<with_t1>(kinks, steps, panels, c, window.low);
    if (window.cut_high) add_edge<with_t1>(kinks, steps, panels, c, window.high);
    if (window.cut_low || window.cut_high || with_t1) {  // |q| = p: the pair may be left at rest
        const double t = 2 * c.M * c.p * c.p / (c.M + std::sqrt(c.M * c.M + c.p * c.p));
        if (t > panels.t_min && t < panels.t_max) kinks.add(panels.tau(t), false);
    }
    kinks.sort();
    steps.settle(1.0);
    return kinks;
}

}  // namespace detail

/// Panels in tau for a reaction and a window; none if it is closed.
template <bool with_t1>
[[nodiscard]] ExchangePanels exchange_panels(const Reaction<double>& c, const Window& window,
                                             const FormFactor& G2) noexcept {
    ExchangePanels out;
    const ExchangeRange range = exchange_range(c);
    if (!window.open || !(range.high > range.low)) return out;
    out.t_min = range.low;
    out.t_max = range.high;
    Steps steps;
    const detail::Kinks kinks = detail::find_kinks<with_t1>(out, c, window, steps);
    const auto scales = G2.scales();
    const double scale = *std::max_element(scales.begin(), scales.end()), rate = detail::exponential_rate(G2);
    const bool falls = G2.size > 0.0 || G2.radius2 > 0.0;
    const double end = out.tau(range.high);
    double tail = end, give_up = HUGE_VAL;
    for (int i = 0; i + 1 < kinks.count; ++i) {
        const double a = kinks.at[static_cast<std::size_t>(i)].tau;
        const double b = std::min(tail, kinks.at[static_cast<std::size_t>(i) + 1].tau);
        if (!(b - a > 1e-12 * end)) continue;
        // a window that does not hold the configuration at threshold opens at one of its own edges
        if (pair_panels<with_t1>(c, out.exchange(c, (a + b) / 2), window).count == 0) continue;
        if (out.count == 0) {
            // Ten thousand times above every scale a form factor that falls has left 1e-12 of the integral: no detail
            // of phase space matters there.
            const double first = out.t(a);
            if (falls) tail = std::min(end, out.tau(1e4 * std::max(scale, first)));
            if (rate > 0.0) give_up = first + 40.0 / rate;
        }
        detail::add_stretch(out, G2, a, std::min(tail, b), kinks.next_root(i + 1), steps, give_up);
    }
    if (out.count > 0 && tail < end) {
        ExchangePanel rest{};
        rest.from = tail;
        rest.to = end;
        detail::split(out, G2, rest, end - tail, 0.0);
    }
    return out;
}

}  // namespace pheno::etl
