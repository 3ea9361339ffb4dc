/// Where the spectra at a fixed angle are sampled in t: the open stretches, and what is sharp inside them.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>

#include "pheno/angle_kinematics.hpp"
#include "pheno/form_factor.hpp"
#include "pheno/limits.hpp"
#include "pheno/spectrum_nodes.hpp"

namespace pheno::etl {

/// Open stretches of t at fixed E_X and angle, in increasing order.
struct OpenStretches {
    static constexpr int capacity = 4;
    int count = 0;
    std::array<double, capacity> low{}, high{};

    void add(double from, double to) noexcept {
        if (!(from < to) || count == capacity) return;
        low[static_cast<std::size_t>(count)] = from;
        high[static_cast<std::size_t>(count++)] = to;
    }
};

/// Point in (a, b) at which f changes sign, to the relative `precision`: the end on which f has the sign of f(b).
///
/// Illinois' secants with a bisection at every third step.
template <class F>
[[nodiscard]] double sign_change(const F& f, double a, double b, double precision) noexcept {
    double fa = f(a), fb = f(b);
    const bool above = fb > 0.0;
    bool moved_b = false, moved_a = false;
    for (int i = 0; i < 100 && std::abs(b - a) > precision * std::abs(b); ++i) {
        const double middle = 0.5 * (a + b), secant = (fb * a - fa * b) / (fb - fa);
        const double c = i % 3 == 2 || !((secant > a && secant < b) || (secant > b && secant < a)) ? middle : secant;
        const double fc = f(c);
        if ((fc > 0.0) == above) {
            b = c;
            fb = fc;
            if (moved_b) fa *= 0.5;
        } else {
            a = c;
            fa = fc;
            if (moved_a) fb *= 0.5;
        }
        moved_b = (fc > 0.0) == above;
        moved_a = !moved_b;
    }
    return b;
}

/// Largest value of f between a and b, by golden sections in ln t.
template <class F>
[[nodiscard]] double highest(const F& f, double a, double b) noexcept {
    constexpr double part = 0.3819660112501051;
    double x = a * std::pow(b / a, part), y = a * std::pow(b / a, 1 - part);
    double fx = f(x), fy = f(y);
    for (int i = 0; i < 60; ++i) {
        if (fx > fy) {
            b = y;
            y = x;
            fy = fx;
            x = a * std::pow(b / a, part);
            fx = f(x);
        } else {
            a = x;
            x = y;
            fx = fy;
            y = a * std::pow(b / a, 1 - part);
            fy = f(y);
        }
    }
    return fx > fy ? x : y;
}

/// Mediator seen: lepton and nucleus share V and E - E_X + M, and T is that of a two-body decay.
[[nodiscard]] inline OpenStretches mediator_stretches(const Reaction<double>& c, const EnergyShare<double>& e,
                                                      const BeamAngle& angle) noexcept {
    OpenStretches out;
    const double opened = 4 * c.p * e.k * angle.half2;
    const double U = e.U0 + opened, V = std::sqrt(e.r * e.r + opened);
    double low = 0.0, high = 0.0;
    if (!(e.w > 0.0) || !(U < 2 * c.M * e.w)) return out;
    if (pheno::detail::collinear_recoils(V, e.w + c.m, c.M, U, low, high)) {
        out.add(2 * c.M * low, 2 * c.M * std::min(high, e.w));
    }
    return out;
}

/// Lepton seen: its momentum depends on t, and so does V.  The ends solve a polynomial of degree eight; they are found by
/// secants between points of a grid, and if no point is open, from the one that is nearest to being so.
[[nodiscard]] inline OpenStretches lepton_stretches(const Reaction<double>& c, const EnergyShare<double>& e,
                                                    const BeamAngle& angle) noexcept {
    OpenStretches out;
    const MomentumTransferRange range = momentum_transfer_range(c, e);
    if (range.count < 2) return out;
    const auto openness = [&](double t) noexcept {
        const Cone<double> y = make_cone<Seen::lepton>(c, e, make_recoil(c, e, t), angle);
        return std::min(y.one_minus_cos_b, y.one_plus_cos_b);
    };
    constexpr int per_stretch = 24, ends = 4;
    std::array<double, 4 * (per_stretch + ends) + 1> grid{};
    std::size_t n = 0;
    for (int i = 0; i + 1 < range.count; ++i) {
        const double low = range.t[static_cast<std::size_t>(i)], high = range.t[static_cast<std::size_t>(i) + 1];
        for (int j = i == 0 ? 0 : 1; j < per_stretch; ++j) {
            grid[n++] = low * std::pow(high / low, static_cast<double>(j) / per_stretch);
        }
        for (int j = 1; j <= ends; ++j) {  // the lepton comes to rest there
            const double near = high - (high - low) * std::pow(0.02, j);
            if (near > grid[n - 1]) grid[n++] = near;
        }
    }
    const double end = range.t[static_cast<std::size_t>(range.count - 1)];
    if (grid[n - 1] < end) grid[n++] = end * (1 - 4e-16);
    constexpr double exact = 4e-16;
    double from = 0.0, best = -HUGE_VAL;
    std::size_t best_at = 0;
    bool open = false;
    for (std::size_t i = 0; i < n; ++i) {
        const double here = openness(grid[i]);
        const bool now = here > 0.0;
        if (here > best) {
            best = here;
            best_at = i;
        }
        if (now && !open) from = i == 0 ? grid[0] : sign_change(openness, grid[i - 1], grid[i], exact);
        if (open && !now) out.add(from, sign_change(openness, grid[i], grid[i - 1], exact));
        open = now;
    }
    if (open) out.add(from, end);
    if (out.count == 0) {
        const double low = grid[best_at == 0 ? 0 : best_at - 1], high = grid[std::min(n - 1, best_at + 1)];
        const double top = highest(openness, low, high);
        if (openness(top) > 0.0) {
            out.add(sign_change(openness, low, top, exact), sign_change(openness, high, top, exact));
        }
    }
    return out;
}

template <Seen seen>
[[nodiscard]] OpenStretches open_stretches(const Reaction<double>& c, const EnergyShare<double>& e,
                                           const BeamAngle& angle) noexcept {
    if constexpr (seen == Seen::mediator) return mediator_stretches(c, e, angle);
    return lepton_stretches(c, e, angle);
}

/// A value of t at which the cone passes through a pole, and the width of the passage in ln t.
struct Passage {
    double t, width;
};

struct Passages {
    static constexpr int capacity = 8;
    int count = 0;
    std::array<Passage, capacity> at{};
};

/// One of the two poles: b meets a (k parallel to p'), or angle(p, V).
template <Seen seen>
class ConePole {
public:
    ConePole(const Reaction<double>& c, const EnergyShare<double>& e, const BeamAngle& angle, bool other) noexcept
        : c_(c), e_(e), angle_(angle), other_(other) {}

    /// Above 0 where the cone is wider than the pole's direction.
    [[nodiscard]] double operator()(double t) const noexcept {
        const Cone<double> y = cone(t);
        return y.one_minus_cos_b - direction(y);
    }

    /// Width in ln t of the passage at t in (low, high).
    [[nodiscard]] double width(double t, double low, double high) const noexcept {
        const double below = t - 1e-3 * (t - low), above = std::min(high, t + 1e-3 * (t - low));
        const double slope = std::abs(apart(above) - apart(below)) / std::log(above / below);
        return std::sqrt(2 * smallest(t)) / slope;
    }

    /// Distance in ln t above the lower end, at which b = 0, on which the pole's distance changes.
    [[nodiscard]] double opening(double low) const noexcept {
        constexpr double step = 1e-6;
        const double t = low * (1 + step);
        const Cone<double> y = cone(t);
        return std::max(1e-20, (smallest(t) + direction(y)) * step / std::max(y.one_minus_cos_b, 1e-300));
    }

    /// The same below the upper end, if b = pi there.
    [[nodiscard]] double closing(double high) const noexcept {
        constexpr double step = 1e-6, closed = 1e-3;
        const double t = high * (1 - step);
        const Cone<double> y = cone(t);
        if (!(y.one_plus_cos_b < closed)) return HUGE_VAL;
        const double opposite = other_ ? y.one_plus_cos_ap : y.one_plus_cos_a;
        return std::max(1e-20, (smallest(t) + opposite) * step / std::max(y.one_plus_cos_b, 1e-300));
    }

private:
    [[nodiscard]] Cone<double> cone(double t) const noexcept {
        return make_cone<seen>(c_, e_, make_recoil(c_, e_, t), angle_);
    }
    [[nodiscard]] double direction(const Cone<double>& y) const noexcept {
        return other_ ? y.one_minus_cos_ap : y.one_minus_cos_a;
    }
    [[nodiscard]] double apart(double t) const noexcept {
        const auto angle_of = [](double one_minus_cos) noexcept {
            return 2 * std::asin(std::sqrt(std::min(1.0, std::max(0.0, one_minus_cos / 2))));
        };
        const Cone<double> y = cone(t);
        return angle_of(y.one_minus_cos_b) - angle_of(direction(y));
    }
    /// 1 - cos of the angle to the pole at which the invariant has doubled.
    [[nodiscard]] double smallest(double t) const noexcept {
        constexpr bool mediator = seen == Seen::mediator;
        const Recoil<double> h = make_recoil(c_, e_, t);
        if (!other_) return h.s0 / (2 * e_.k * h.pp);
        return mediator ? h.t1_min / (2 * c_.p * h.pp) : e_.U0 / (2 * c_.p * e_.k);
    }

    const Reaction<double>& c_;
    const EnergyShare<double>& e_;
    const BeamAngle& angle_;
    const bool other_;
};

/// Widths from this on need no grading; narrower ones are graded over one e-fold.
inline constexpr double broad = 4.0;

/// Passages of a pole in (low, high).
template <class Pole>
void add_passages(Passages& out, const Pole& pole, double low, double high) noexcept {
    constexpr int grid = 16;
    constexpr double precise = 1e-11;
    double before = low, t = low;
    const double ratio = std::pow(high / low, 1.0 / grid);
    bool was = false;  // b = 0 at the lower end
    for (int i = 1; i <= grid; ++i, before = t) {
        t = i == grid ? high : t * ratio;
        const bool now = pole(t) > 0.0;
        if (now != was && out.count < Passages::capacity) {
            const double at = sign_change(pole, before, t, precise);
            const double width = at > low ? pole.width(at, low, high) : broad;
            if (width < broad) out.at[static_cast<std::size_t>(out.count++)] = {at, std::min(width, 1.0)};
        }
        was = now;
    }
}

/// Narrow `here` to what the passage `there` needs at this distance.
inline void near(const Passage& there, Passage& here) noexcept {
    here.width = std::min(here.width, std::abs(std::log(here.t / there.t)) + there.width);
}

/// Passages in increasing order of t; of two that overlap the narrower one, and next to a narrow one none that is broad:
/// panels are graded from there on.
inline void sort_passages(Passages& out) noexcept {
    std::sort(out.at.begin(), out.at.begin() + out.count, [](const Passage& x, const Passage& y) { return x.t < y.t; });
    int kept = 0;
    for (int i = 0; i < out.count; ++i) {
        const Passage& here = out.at[static_cast<std::size_t>(i)];
        Passage& last = out.at[static_cast<std::size_t>(std::max(0, kept - 1))];
        if (kept > 0 && here.t < last.t * (1 + std::min(here.width, last.width) / 2)) {
            if (here.width < last.width) last = here;
        } else {
            out.at[static_cast<std::size_t>(kept++)] = here;
        }
    }
    out.count = kept;
    for (int i = 1; i < kept; ++i) near(out.at[static_cast<std::size_t>(i - 1)], out.at[static_cast<std::size_t>(i)]);
    for (int i = kept - 1; i > 0; --i)
        near(out.at[static_cast<std::size_t>(i)], out.at[static_cast<std::size_t>(i - 1)]);
}

/// Panels of t at fixed E_X and angle; none if it is closed.
template <Seen seen, bool with_t1>
[[nodiscard]] TPanels angle_panels(const Reaction<double>& c, const EnergyShare<double>& e, const BeamAngle& angle,
                                   const FormFactor& G2) noexcept {
    TPanels out;
    const OpenStretches open = open_stretches<seen>(c, e, angle);
    constexpr bool both = with_t1 || seen == Seen::lepton;  // poles in s and in the second invariant
    const ConePole<seen> pole(c, e, angle, false), other(c, e, angle, true);
    for (int i = 0; i < open.count; ++i) {
        const double low = open.low[static_cast<std::size_t>(i)], high = open.high[static_cast<std::size_t>(i)];
        Passages sharp;
        add_passages(sharp, pole, low, high);
        if (both) add_passages(sharp, other, low, high);
        sort_passages(sharp);
        const double opening = both ? std::min(pole.opening(low), other.opening(low)) : pole.opening(low);
        const double closing = both ? std::min(pole.closing(high), other.closing(high)) : pole.closing(high);
        const int first = out.count;
        Passage from{low, opening < broad ? std::min(opening, 1.0) : 0.0};
        Passage end{high, closing < broad ? std::min(closing, 1.0) : 0.0};
        if (sharp.count > 0) {
            if (from.width > 0.0) near(sharp.at[0], from);
            if (end.width > 0.0) near(sharp.at[static_cast<std::size_t>(sharp.count) - 1], end);
            for (int j = 0; j < sharp.count; ++j) {
                if (from.width > 0.0) near(from, sharp.at[static_cast<std::size_t>(j)]);
                if (end.width > 0.0) near(end, sharp.at[static_cast<std::size_t>(j)]);
            }
        }
        for (int j = 0; j <= sharp.count; ++j) {
            const bool last = j == sharp.count;
            const Passage to = last ? end : sharp.at[static_cast<std::size_t>(j)];
            if (to.t > from.t) {  // the lepton comes to rest beyond the last stretch, if at all
                const double rest_at = last ? 2 * c.M * e.w : HUGE_VAL;
                pheno::detail::add_t_stretch(out, G2, from.t, to.t, from.width, to.width, rest_at);
            }
            from = to;
        }
        for (int j = first; j < out.count; ++j) {
            out.at[static_cast<std::size_t>(j)].opens_at = low;
            out.at[static_cast<std::size_t>(j)].closes_at = high;
        }
    }
    return out;
}

}  // namespace pheno::etl
