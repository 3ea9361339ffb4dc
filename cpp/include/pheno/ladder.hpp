/// Panels that climb a ladder of rules until the sum of their errors is small enough.
///
/// A panel is raised one level at a time, the one with the largest error first.  Everything happens in a fixed order.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>

#include "pheno/estimate.hpp"

namespace pheno::etl {

/// Indices into gauss_legendre[] of the rules, from the coarsest.
inline constexpr int ladder[] = {0, 1, 2, 3, 4, 5, 6, 8, 10, 11, 12, 14};
inline constexpr int ladder_count = static_cast<int>(sizeof ladder / sizeof ladder[0]);

/// What a panel holds so far.
struct Rung {
    double value = 0.0, error = 0.0;
    int level = 0;
    bool compared = false;  ///< with a lower level: before, `error` is the value itself
};

/// Level at which a panel may have reached the relative tolerance `tolerance`.
///
/// Only a guess that saves work: the error estimate decides.
[[nodiscard]] inline int first_level(double tolerance) noexcept {
    constexpr double reached[] = {0.3, 5e-2, 8e-3, 1e-3, 1e-4, 1e-5, 1e-6, 3e-8, 3e-9, 3e-10, 1e-10, 1e-11};
    static_assert(sizeof reached / sizeof reached[0] == ladder_count);
    int level = 2;
    while (level + 1 < ladder_count && reached[level] > tolerance) ++level;
    return level;
}

/// How far an error estimate trusts the difference of two levels.
struct Caution {
    double factor;  ///< error over difference: both levels may miss the same detail
    bool confirm;   ///< a result below the tolerance is compared with one more level of every panel that matters
};

/// Totals: panels inside panels, whose details average out.
inline constexpr Caution of_totals{2.0, false};
/// Distributions, where one integral stands alone.
inline constexpr Caution of_distributions{4.0, true};

/// Raise a panel to `level`, from one level below or, higher up, from two.
///
/// The error of a value is its distance to the one a level below times the factor, but never less than the error before
/// divided by the least gain of a step: neighbouring levels can agree by accident.
///
/// @param integral  of a panel at a level
template <class Panel, class Integral>
void climb(Panel& panel, int level, const Caution& caution, const Integral& integral) noexcept {
    constexpr int coarse = 5;
    const auto gain = [](int to) { return to <= coarse ? 5.0 : 10.0; };
    for (int l = std::max(panel.level + 1, level - (level > coarse ? 2 : 1)); l <= level; ++l) {
        const double value = integral(panel, l);
        double error = caution.factor * std::abs(value - panel.value);
        for (int skipped = panel.level + 1; skipped < l; ++skipped) error /= gain(skipped);
        if (panel.compared) error = std::max(error, panel.error / gain(l));
        panel.compared = true;
        panel.error = error;
        panel.value = value;
        panel.level = l;
    }
}

/// Sum of the panels and of their errors, in a fixed order.
template <class Panels>
[[nodiscard]] Estimate total_of(const Panels& panels) noexcept {
    Estimate sum;
    for (int i = 0; i < panels.count; ++i) {
        sum.value += panels.at[static_cast<std::size_t>(i)].value;
        sum.error += panels.at[static_cast<std::size_t>(i)].error;
    }
    return sum;
}

/// Raise the panel with the largest error until the sum of all is below rtol times the value, or the ladder ends.
template <class Panels, class Integral>
Estimate raise_worst(Panels& panels, double rtol, const Caution& caution, const Integral& integral) noexcept {
    Estimate total = total_of(panels);
    while (std::isfinite(total.value) && total.error > rtol * total.value) {
        int worst = -1;
        for (int i = 0; i < panels.count; ++i) {
            const auto& panel = panels.at[static_cast<std::size_t>(i)];
            if (panel.level + 1 < ladder_count &&
                (worst < 0 || panel.error > panels.at[static_cast<std::size_t>(worst)].error)) {
                worst = i;
            }
        }
        if (worst < 0) break;
        auto& panel = panels.at[static_cast<std::size_t>(worst)];
        climb(panel, panel.level + 1, caution, integral);
        total = total_of(panels);
    }
    return total;
}

/// Share of the tolerance below which a panel on the falling side, and with it all beyond, is left out.  They hold less
/// than it by any power of t; the margin is for what phase space does at its end.
inline constexpr double negligible = 1e-6;

/// Integral over all panels; the error is below rtol times the value unless the status says otherwise.
///
/// @param panels    in increasing order, with falling_from(i); those that hold nothing are taken off the end
/// @param base      level of the first guess, which tells the panels that matter from those that do not
/// @param integral  of a panel at a level, not negative
template <class Panels, class Integral>
[[nodiscard]] Estimate climb_all(Panels& panels, int base, double rtol, const Caution& caution,
                                 const Integral& integral) noexcept {
    double so_far = 0.0;
    for (int i = 0; i < panels.count; ++i) {
        auto& panel = panels.at[static_cast<std::size_t>(i)];
        panel.value = integral(panel, base);
        panel.error = std::abs(panel.value);
        panel.level = base;
        so_far += panel.value;
        if (panels.falling_from(i) && panel.value < negligible * rtol * so_far) panels.count = i + 1;
    }
    const double rough = total_of(panels).value;
    int heavy = 0;  // panels that will share the tolerance
    for (int i = 0; i < panels.count; ++i) {
        if (panels.at[static_cast<std::size_t>(i)].value > 0.05 * rough) ++heavy;
    }
    for (int i = 0; i < panels.count; ++i) {
        auto& panel = panels.at[static_cast<std::size_t>(i)];
        const double share = rtol * rough / std::max(1, heavy);
        if (panel.value < 0.1 * rtol * rough / panels.count) continue;
        climb(panel, first_level(share / panel.value), caution, integral);
    }
    Estimate total = raise_worst(panels, rtol, caution, integral);
    if (caution.confirm && total.error <= rtol * total.value) {
        for (int i = 0; i < panels.count; ++i) {
            auto& panel = panels.at[static_cast<std::size_t>(i)];
            if (panel.value < 0.1 * rtol * rough / panels.count || panel.level + 1 >= ladder_count) continue;
            climb(panel, panel.level + 1, caution, integral);
        }
        total = raise_worst(panels, rtol, caution, integral);
    }
    if (!std::isfinite(total.value)) {
        total.status = Status::not_finite;
    } else if (total.error > rtol * total.value) {
        total.status = Status::not_converged;
    }
    return total;
}

/// An integral with what stands in front of it, and what it cost.
[[nodiscard]] inline Estimate scaled(const Estimate& integral, double front, std::int64_t evaluations) noexcept {
    return {front * integral.value, front * integral.error, evaluations, integral.status};
}

}  // namespace pheno::etl
