// Adaptive Gauss-Kronrod integration on the stack: deterministic, no heap, nothing throws.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>

#include "pheno/estimate.hpp"

namespace pheno {

namespace gauss_kronrod {

/// 15-point Kronrod extension of the 7-point Gauss rule on [-1, 1], outermost node first
/// [Piessens et al., QUADPACK (Springer, 1983), routine QK15].
inline constexpr std::array<double, 8> node{
    0.991455371120812639206854697526329, 0.949107912342758524526189684047851,
    0.864864423359769072789712788640926, 0.741531185599394439863864773280788,
    0.586087235467691130294144691258589, 0.405845151377397166906606412076961,
    0.207784955007898467600689403773245, 0.0,
};
inline constexpr std::array<double, 8> kronrod{
    0.022935322010529224963732008058970, 0.063092092629978553290700663189204, 0.104790010322250183839876322541518,
    0.140653259715525918745189590510238, 0.169004726639267902826583426598550, 0.190350578064785409913256402421014,
    0.204432940075298892414161999234649, 0.209482141084727828012999174891714,
};
inline constexpr std::array<double, 4> gauss{
    0.129484966168869693270611432679082,
    0.279705391489276667901467771423780,
    0.381830050505118944950369775488975,
    0.417959183673469387755102040816327,
};

struct Panel {
    double a = 0.0;
    double b = 0.0;
    double value = 0.0;
    double error = 0.0;
};

/// One panel: value by the 15-point rule, error by its distance from the 7-point rule.
///
/// The distance is the error of the *worse* rule; for a smooth integrand it bounds the error of
/// the value by orders of magnitude, which is what lets `rtol` be a promise.
template <class F>
[[nodiscard]] inline Panel panel(F& f, double a, double b) noexcept {
    const double centre = 0.5 * (a + b);
    const double half = 0.5 * (b - a);
    const double middle = f(centre);
    double k = kronrod[7] * middle;
    double g = gauss[3] * middle;
    for (std::size_t i = 0; i < 7; ++i) {
        const double pair = f(centre - half * node[i]) + f(centre + half * node[i]);
        k += kronrod[i] * pair;
        if (i % 2 == 1) g += gauss[i / 2] * pair;
    }
    return {a, b, half * k, std::abs(half * (k - g))};
}

/// Sorted break points, at most Capacity of them: where an integrand changes its behaviour.
template <int Capacity>
struct Breaks {
    std::array<double, Capacity> at{};
    int count = 0;

    /// `first` and `last` enclose the range; `inner` are kept if strictly inside.
    template <std::size_t N>
    Breaks(double first, double last, const std::array<double, N>& inner, double widest) noexcept {
        std::array<double, N + 2> edge{};
        std::size_t n = 0;
        edge[n++] = first;
        for (const double x : inner) {
            if (x <= first || x >= last) continue;
            std::size_t i = n++;
            for (; i > 1 && edge[i - 1] > x; --i) edge[i] = edge[i - 1];
            edge[i] = x;
        }
        edge[n++] = last;
        at[0] = first;
        count = 1;
        for (std::size_t i = 1; i < n; ++i) subdivide(edge[i - 1], edge[i], widest);
    }

    void subdivide(double a, double b, double widest) noexcept {
        if (!(b > a)) return;
        const int room = Capacity - count;
        const int parts = std::clamp(static_cast<int>(std::ceil((b - a) / widest)), 1, std::max(room, 1));
        for (int i = 1; i <= parts && count < Capacity; ++i) {
            at[static_cast<std::size_t>(count++)] = i == parts ? b : a + (b - a) * i / parts;
        }
        at[static_cast<std::size_t>(count - 1)] = b;
    }
};

}  // namespace gauss_kronrod

/// Integral of f over the range enclosed by `breaks`, bisecting the worst panel until the summed
/// error is below max(rtol |value|, atol).
///
/// @tparam Capacity  largest number of panels; reaching it gives Status::not_converged
template <int Capacity, int BreakCapacity, class F>
[[nodiscard]] inline Estimate integrate(F&& f, const gauss_kronrod::Breaks<BreakCapacity>& breaks, double rtol,
                                        double atol = 0.0) noexcept {
    using gauss_kronrod::Panel;
    static_assert(BreakCapacity <= Capacity, "every first panel must fit");
    std::array<Panel, Capacity> panels;
    std::size_t n = 0;
    for (int i = 1; i < breaks.count; ++i) {
        const auto j = static_cast<std::size_t>(i);
        panels[n++] = gauss_kronrod::panel(f, breaks.at[j - 1], breaks.at[j]);
    }
    Estimate result;
    result.evaluations = static_cast<std::int64_t>(15 * n);
    for (;;) {
        double value = 0.0;
        double error = 0.0;
        std::size_t worst = 0;
        for (std::size_t i = 0; i < n; ++i) {
            value += panels[i].value;
            error += panels[i].error;
            if (panels[i].error > panels[worst].error) worst = i;
        }
        result.value = value;
        result.error = error;
        if (!std::isfinite(value) || !std::isfinite(error)) {
            result.status = Status::not_finite;
            return result;
        }
        if (error <= std::max(rtol * std::abs(value), atol)) return result;
        if (n == Capacity) {
            result.status = Status::not_converged;
            return result;
        }
        const Panel p = panels[worst];
        const double middle = 0.5 * (p.a + p.b);
        panels[worst] = gauss_kronrod::panel(f, p.a, middle);
        panels[n++] = gauss_kronrod::panel(f, middle, p.b);
        result.evaluations += 30;
    }
}

}  // namespace pheno
