/// Average over the azimuth phi of k about Q, by a Gauss rule that is exact for the lepton tensor.
///
/// At fixed (E_X, t, z) the spin-0 and spin-1 amplitudes are N(cos phi)/U^2 with N a polynomial of
/// degree 3 and U = U_min + U_swing (1 - cos phi).  The Gauss rule for the weight dphi/U^2 has two
/// nodes and integrates such a function exactly.  It is the midpoint rule in the Bernstein-Szego phase
///
///   Phi(phi) = 2 phi - 2 arg(1 - b e^{i phi}),   b = U_swing/(A + R), A = U_min + U_swing,
///   R = sqrt(U_min (U_min + 2 U_swing))
///
/// [Szego, Orthogonal Polynomials, 2.6], so both weights are positive and nothing cancels.
#pragma once

#include <algorithm>
#include <cmath>

namespace pheno {

struct AzimuthRule2 {
    double one_minus_cos[2];
    double weight[2];  ///< of the average over the full circle
};

[[nodiscard]] inline AzimuthRule2 azimuth_rule(double U_min, double U_swing) noexcept {
    const double R = std::sqrt(U_min * (U_min + 2 * U_swing));
    const double norm = 1 / (U_min + U_swing + R);
    const double b = U_swing * norm;
    const double gap = (U_min + R) * norm;  // 1 - b
    const double far = 2 - b + std::sqrt(2 - b * b);
    AzimuthRule2 rule{};
    rule.one_minus_cos[0] = gap * gap / far;
    rule.one_minus_cos[1] = far / 2;
    const double turn0 = b * rule.one_minus_cos[0], turn1 = b * rule.one_minus_cos[1];
    const double low0 = gap + turn0, low1 = gap + turn1;
    const double per = 1 / (2 * low0 * low1);  // one quotient for both weights
    rule.weight[0] = (gap * gap + 2 * turn0) * low1 * per;
    rule.weight[1] = (gap * gap + 2 * turn1) * low0 * per;
    return rule;
}

/// Node j of the Gauss rule for the weight dphi/(U^2 t1^2): the tensor has a second pole, at p' parallel to p,
/// where t1 = t1_at_pi + U_swing (1 + cos phi) is smallest (phi = pi).
///
/// With n nodes the rule is exact for numerators of degree 2n - 1.  Its phase is, with tau = tan(phi/2),
///
///   Phi/2 = (n - 2) atan(tau) + atan(a tau) + atan(b tau),   a = sqrt(U_max/U_min), b = sqrt(t1_min/t1_max),
///
/// and the node is where Phi/2 = (j + 1/2) pi/2.  Newton's method in ln tau with the tangent of the miss, read
/// off the product of the 1 + i k tau, reaches rounding in six steps for 1 < a, 1/b < 1e8; a fixed number of
/// steps and no transcendental function let the compiler vectorise over z.
struct AzimuthNode {
    double one_minus_cos;
    double weight;  ///< of the average over the full circle
};

namespace detail {

/// Rough atan(x) 2/pi and tan(y pi/2), to start Newton's method from.
[[nodiscard]] inline double rough_atan(double x) noexcept {
    return x * (0.6366 + x) / (1 + x * (1.273 + x));
}
[[nodiscard]] inline double rough_tan(double y) noexcept {
    return 1.2732 * y / (1 - y * y);
}

template <int n, int j>
[[nodiscard]] inline double first_guess(double a, double b) noexcept {
    constexpr double end = n == 4 ? 5.027339492125846 : 7.595754112725150;  // 1/tan(pi/(4n)), exact for a = b = 1
    if constexpr (j == 0) return 1 / (a + end - 1);
    if constexpr (j == n - 1) return 1 / b + end - 1;
    if constexpr (j >= n / 2) {  // the mirror image: phi -> pi - phi swaps the poles
        return 1 / first_guess<n, n - 1 - j>(1 / b, 1 / a);
    }
    constexpr double target = j + 0.5;  // in units of pi/2
    const double even = rough_tan(target / n);
    const double left = (target - rough_atan(a * even) - rough_atan(b * even)) / (n - 2);
    return rough_tan(std::min(0.97, std::max(0.15, left)));
}

}  // namespace detail

/// One Newton step for tau at node j; `a` and `b` as above.
template <int n, int j>
[[nodiscard]] inline double newton_step(double a, double b, double tau) noexcept {
    static_assert(n == 4 || n == 6, "the first guess knows these");
    constexpr double h = 0.70710678118654752440;  // Phi/2 = (j + 1/2) pi/2 has cosine and sine +-h
    constexpr double cosine = (j % 4 == 0 || j % 4 == 3) ? h : -h;
    constexpr double sine = (j % 4 < 2) ? h : -h;
    const double slope = tau * ((n - 2) / (1 + tau * tau) + a / (1 + a * a * tau * tau) + b / (1 + b * b * tau * tau));
    double re = 1 - tau * tau, im = 2 * tau;  // (1 + i tau)^2
    if constexpr (n == 6) {
        const double square = re * re - im * im;
        im = 2 * re * im;
        re = square;
    }
    const double re2 = 1 - a * b * tau * tau, im2 = (a + b) * tau;
    const double X = re * re2 - im * im2, Y = re * im2 + im * re2;
    const double along = X * cosine + Y * sine, across = Y * cosine - X * sine;
    const double full = along > 0 ? across / (along * slope) : (across > 0 ? 1.2 : -1.2);
    const double move = std::min(1.2, std::max(-1.2, full)) / 2;
    return tau * (1 - move) / (1 + move);
}

template <int n>
[[nodiscard]] inline AzimuthNode azimuth_node(double a, double b, double tau) noexcept {
    const double slope = tau * ((n - 2) / (1 + tau * tau) + a / (1 + a * a * tau * tau) + b / (1 + b * b * tau * tau));
    const double cut = tau * tau / (1 + tau * tau);
    // dphi/dPhi at the node: dphi/dln tau = 2 tau/(1 + tau^2), dPhi/dln tau = 2 slope
    return {2 * cut, tau / (1 + tau * tau) / slope};
}

}  // namespace pheno
