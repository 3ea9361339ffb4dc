/// Exact integration over the direction of k: the amplitudes of spin 0 and 1, averaged over the azimuth about p.
///
/// They are a_{-2}/U^2 + a_{-1}/U + a_0 + a_1 U, and the Gauss rule with two nodes for the weight dU/U^2 integrates
/// these four functions exactly.  With U in units of sqrt(U_min U_max), U_max/U_min = e^{2h}, the moments are
///
///   2 sinh h, 2h, 2 sinh h, sinh 2h
///
/// and the nodes are the roots of U^2 - a U + b.  Both weights are positive: nothing cancels.
#pragma once

#include <algorithm>
#include <cmath>

#include "pheno/vector_exp.hpp"

namespace pheno {

/// Nodes U = U_min + fraction (U_max - U_min), as fractions from both ends, and weights of the average over U.
struct PoleRule {
    double fraction[2], rest[2];
    double weight[2];
};

namespace detail {

/// Powers of h^2 with the largest last: Horner's rule.
template <int n>
[[nodiscard]] inline double horner(const double (&c)[n], double x) noexcept {
    double sum = c[n - 1];
    for (int i = n - 2; i >= 0; --i) sum = sum * x + c[i];
    return sum;
}

/// Taylor series in h of the rule in x = 2 fraction - 1, nodes the roots of x^2 - alpha x + beta: alpha/h, beta and
/// (sinh h cosh h - h)/(h sinh^2 h).  Relative error below 1e-15 for h < 1/4, where the closed forms lose digits.
inline constexpr double pole_alpha[] = {-8.0 / 15,
                                        8.0 / 175,
                                        -104.0 / 23625,
                                        11696.0 / 27286875,
                                        -227176.0 / 5320940625,
                                        803728.0 / 186232921875,
                                        -8914448.0 / 20352597890625};
inline constexpr double pole_beta[] = {-1.0 / 3,
                                       4.0 / 45,
                                       -68.0 / 4725,
                                       136.0 / 70875,
                                       -19364.0 / 81860625,
                                       49976.0 / 1773646875,
                                       -5511256.0 / 1676096296875};
inline constexpr double pole_first[] = {2.0 / 3,     -4.0 / 45,           4.0 / 315,    -8.0 / 4725,
                                        4.0 / 18711, -5528.0 / 212837625, 8.0 / 2606175};

}  // namespace detail

/// @param sinh_h  (U_max - U_min)/(2 sqrt(U_min U_max))
[[nodiscard]] inline PoleRule pole_rule(double sinh_h) noexcept {
    const double S = sinh_h, C = std::sqrt(1 + S * S);
    const double h = log_same(S + C);
    const bool narrow = S < 0.25;
    // narrow: nodes in x
    const double hh = h * h;
    const double alpha = h * detail::horner(detail::pole_alpha, hh), beta = detail::horner(detail::pole_beta, hh);
    const double mean = -h * detail::horner(detail::pole_first, hh);
    const double spread = std::sqrt(alpha * alpha / 4 - beta);
    const double low_x = alpha / 2 - spread, high_x = alpha / 2 + spread;
    // wide: nodes in U
    const double wide_S = std::max(S, 0.2), wide_C = std::sqrt(1 + wide_S * wide_S), wide_h = std::max(h, 0.198);
    const double cubic = wide_S * wide_C - wide_h, quartic = wide_S * wide_S - wide_h * wide_h;
    const double per = 1 / quartic;
    const double a = wide_S * cubic * per, b = (wide_h * cubic - quartic) * per;
    const double high = a / 2 + std::sqrt(std::max(0.0, a * a / 4 - b)), low = b / high;
    const double bottom = 1 / (wide_S + wide_C), top = wide_S + wide_C, half = 1 / (2 * wide_S);
    PoleRule rule{};
    rule.fraction[0] = narrow ? (1 + low_x) / 2 : (low - bottom) * half;
    rule.fraction[1] = narrow ? (1 + high_x) / 2 : (high - bottom) * half;
    rule.rest[0] = narrow ? (1 - low_x) / 2 : (top - low) * half;
    rule.rest[1] = narrow ? (1 - high_x) / 2 : (top - high) * half;
    const double U_low = C + S * low_x, U_high = C + S * high_x;
    const double scale_narrow = 1 / (2 * spread), scale = 1 / (wide_S * (high - low));
    rule.weight[0] =
        narrow ? U_low * U_low * (high_x - mean) * scale_narrow : (wide_S * high - wide_h) * scale * low * low;
    rule.weight[1] =
        narrow ? U_high * U_high * (mean - low_x) * scale_narrow : (wide_h - wide_S * low) * scale * high * high;
    return rule;
}

}  // namespace pheno
