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
    const double root = std::sqrt(2 - b * b);
    AzimuthRule2 rule{};
    rule.one_minus_cos[0] = gap * gap / (2 - b + root);
    rule.one_minus_cos[1] = (2 - b + root) / 2;
    for (int i = 0; i < 2; ++i) {
        const double turn = b * rule.one_minus_cos[i];
        rule.weight[i] = (gap * gap + 2 * turn) / (2 * (gap + turn));
    }
    return rule;
}

/// Gauss rule for the weight dphi/(U^2 t1^2): the tensor has a second pole, at p' parallel to p, where
/// t1 = t1_at_pi + U_swing (1 + cos phi) is smallest (phi = pi).
///
/// With n nodes it is exact for numerators of degree 2n - 1.  The phase is
///
///   Phi = (n - 2) phi + psi_U + psi_T,
///   tan(psi_U/2) = sqrt(U_max/U_min) tau,  tan(psi_T/2) = sqrt(t1_min/t1_max) tau,  tau = tan(phi/2),
///
/// and the nodes, where Phi = (j - 1/2) pi, are found by Newton's method in ln tau, safeguarded by bisection.
template <int n>
struct TwoPoleRule {
    double one_minus_cos[n];
    double weight[n];
};

template <int n>
[[nodiscard]] inline TwoPoleRule<n> two_pole_rule(double U_min, double t1_min, double swing) noexcept {
    constexpr double pi = 3.14159265358979323846;
    const double k_U = std::sqrt(1 + 2 * swing / U_min);
    const double k_T = 1 / std::sqrt(1 + 2 * swing / t1_min);
    TwoPoleRule<n> rule{};
    double low = std::log(1e-3 / k_U);
    for (int j = 0; j < n; ++j) {
        const double target = (j + 0.5) * pi / 2;
        double high = std::log(1e3 / k_T), guess = 0.5 * (low + high);
        if (j == 0) guess = -std::log(k_U);
        double slope = 1.0, tau = 1.0;
        for (int i = 0; i < 60; ++i) {
            tau = std::exp(guess);
            const double a = k_U * tau, b = k_T * tau;
            const double miss = (n - 2) * std::atan(tau) + std::atan(a) + std::atan(b) - target;
            slope = (n - 2) * tau / (1 + tau * tau) + a / (1 + a * a) + b / (1 + b * b);
            (miss > 0 ? high : low) = guess;
            double next = guess - miss / slope;
            if (!(next > low && next < high)) next = 0.5 * (low + high);
            const double step = std::abs(next - guess);
            guess = next;
            if (step < 1e-9) break;  // quadratic convergence: the next step is at rounding
        }
        tau = std::exp(guess);
        const double a = k_U * tau, b = k_T * tau;
        slope = (n - 2) * tau / (1 + tau * tau) + a / (1 + a * a) + b / (1 + b * b);
        rule.one_minus_cos[j] = 2 * tau * tau / (1 + tau * tau);
        // dphi/dPhi at the node: phi = 2 atan(tau), Phi/2 has slope `slope` in ln tau
        rule.weight[j] = tau / (1 + tau * tau) / slope;
        low = guess;
    }
    return rule;
}

}  // namespace pheno
