/// The Boltzmann equation of a thermal relic, in W = ln Y and t = ln x, x = m/T:
///
///   dW/dt = -lambda(t) (e^W - e^{2 W_eq - W}),   lambda = sqrt(pi/45) M_Pl m g_*^{1/2} <sigma v>/x,
///
/// Radau IIA of order 5 [Hairer & Wanner, Solving Ordinary Differential Equations II, IV.8]: stiffly accurate, so that
/// it may start in equilibrium, where the rate is any number of times the expansion.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <vector>

#include "pheno/bessel_k.hpp"
#include "pheno/degrees_of_freedom.hpp"

namespace pheno {

/// Coefficients of the equation at one t.
struct RelicRate {
    double log_lambda = 0;  ///< ln lambda
    double W_eq = 0;        ///< ln Y_eq
};

/// One accepted point.
struct RelicPoint {
    double t = 0, W = 0, W_eq = 0, slope = 0;
};

struct Freezeout {
    double Y = 0;           ///< at x -> infinity
    double error = 0;       ///< relative, of the integration alone
    double t_freeze = 0;    ///< where Y = 2 Y_eq
    int steps = 0, evaluations = 0;
    bool converged = false;
};

namespace detail {

/// One step of Radau IIA for the relic equation.
class RadauStep {
public:
    /// W at t + h, and the estimate of its error; false if Newton's method does not converge.
    template <class Rate>
    [[nodiscard]] bool operator()(Rate& rate, const RelicRate& here, double t, double W, double h) {
        static const double r = std::sqrt(6.0);
        static const std::array<double, 3> c{(4 - r) / 10, (4 + r) / 10, 1};
        for (std::size_t i = 0; i < 3; ++i) stage[i] = rate(t + c[i] * h);
        std::array<double, 3> z{};
        // in equilibrium W follows W_eq; afterwards it stays
        const bool follows = here.log_lambda + here.W_eq > 1 && std::abs(W - here.W_eq) < 0.5;
        if (follows) {
            for (std::size_t i = 0; i < 3; ++i) z[i] = stage[i].W_eq - here.W_eq;
        }
        if (!solve(W, h, z)) return false;
        end = W + z[2];
        // the slope at the end of the step: that at its beginning would hide what happens when the rate falls behind
        const double f0 = right_side(here, W), J = slope(stage[2], end);
        const double e0 = (-13 - 7 * r) / 3, e1 = (-13 + 7 * r) / 3, e2 = -1.0 / 3;
        constexpr double mu = 3.6378342527444957;  // 3 + 3^{2/3} - 3^{1/3}
        const double ze = (e0 * z[0] + e1 * z[1] + e2 * z[2]) / h;
        error = (f0 + ze) / (mu / h - J);
        if (std::abs(error) > tolerance) error = (right_side(here, W + error) + ze) / (mu / h - J);
        return std::isfinite(end) && std::isfinite(error);
    }

    [[nodiscard]] static double right_side(const RelicRate& at, double W) noexcept {
        return std::exp(at.log_lambda + 2 * at.W_eq - W) - std::exp(at.log_lambda + W);
    }
    [[nodiscard]] static double slope(const RelicRate& at, double W) noexcept {
        return -std::exp(at.log_lambda + 2 * at.W_eq - W) - std::exp(at.log_lambda + W);
    }

    std::array<RelicRate, 3> stage{};
    double end = 0, error = 0, tolerance = 0;

private:
    /// Newton's method for z_i = h sum_j a_ij f_j(W + z_j).
    [[nodiscard]] bool solve(double W, double h, std::array<double, 3>& z) const noexcept {
        static const double r = std::sqrt(6.0);
        static const double a[3][3] = {
            {(88 - 7 * r) / 360, (296 - 169 * r) / 1800, (-2 + 3 * r) / 225},
            {(296 + 169 * r) / 1800, (88 + 7 * r) / 360, (-2 - 3 * r) / 225},
            {(16 - r) / 36, (16 + r) / 36, 1.0 / 9},
        };
        for (int iteration = 0; iteration < 12; ++iteration) {
            double f[3], J[3], m[3][4];
            for (std::size_t j = 0; j < 3; ++j) {
                f[j] = right_side(stage[j], W + z[j]);
                J[j] = slope(stage[j], W + z[j]);
            }
            for (std::size_t i = 0; i < 3; ++i) {
                m[i][3] = -z[i];
                for (std::size_t j = 0; j < 3; ++j) {
                    m[i][j] = (i == j) - h * a[i][j] * J[j];
                    m[i][3] += h * a[i][j] * f[j];
                }
            }
            eliminate(m);
            double largest = 0;
            for (std::size_t i = 0; i < 3; ++i) {
                // a step of more than one e-fold is beyond what the exponentials can be linearised over
                z[i] += std::clamp(m[i][3], -1.0, 1.0);
                largest = std::max(largest, std::abs(m[i][3]));
            }
            if (!std::isfinite(largest)) return false;
            if (largest < 1e-3 * tolerance) return true;
            if (largest < 1e-13) return true;
        }
        return false;
    }

    /// Gauss-Jordan with row pivots.
    static void eliminate(double (&m)[3][4]) noexcept {
        for (std::size_t k = 0; k < 3; ++k) {
            std::size_t pivot = k;
            for (std::size_t i = k + 1; i < 3; ++i) {
                if (std::abs(m[i][k]) > std::abs(m[pivot][k])) pivot = i;
            }
            std::swap(m[k], m[pivot]);
            for (std::size_t i = 0; i < 3; ++i) {
                if (i == k) continue;
                const double factor = m[i][k] / m[k][k];
                for (std::size_t j = k; j < 4; ++j) m[i][j] -= factor * m[k][j];
            }
        }
        for (std::size_t k = 0; k < 3; ++k) m[k][3] /= m[k][k];
    }
};

}  // namespace detail

/// The latest t at which the yield follows equilibrium to a per cent, and ln Y there; false if there is none above
/// t_first.  `fastest` is the largest rate over the expansion rate that was met.
template <class Rate>
[[nodiscard]] bool follow_equilibrium(Rate& rate, double t_first, double& t, double& W, double& fastest) {
    constexpr double needed = 100, h = 0.01, largest = 600;
    for (t = std::log(80.0); t > t_first; t -= 0.16) {
        const RelicRate here = rate(t);
        const double speed = std::exp(std::min(here.log_lambda + here.W_eq, largest));
        fastest = std::max(fastest, speed);
        if (!(2 * speed > needed)) continue;
        const double fall = (rate(t - h).W_eq - rate(t + h).W_eq) / (2 * h);  // -d ln Y_eq/dt
        if (2 * speed > needed * std::max(fall, 1.0)) {
            W = here.W_eq + std::log1p(std::max(fall, 0.0) / (2 * speed));
            return true;
        }
    }
    return false;
}

/// Where and how to integrate.
struct RelicRange {
    double t_first = 0;    ///< in equilibrium
    double t_settled = 0;  ///< not before this may the rest be extrapolated: a pole close to threshold acts late
    double t_last = 0;     ///< today
    double tolerance = 1e-4;
    double longest = 0.7;  ///< step
};

/// Integrate from equilibrium to x -> infinity.  The equation contracts errors, so their sum bounds the error of W.
template <class Rate>
[[nodiscard]] Freezeout freeze_out(Rate& rate, const RelicRange& range, double W_first,
                                   std::vector<RelicPoint>* history = nullptr) {
    Freezeout out;
    detail::RadauStep step;
    step.tolerance = range.tolerance;
    double t = range.t_first, W = W_first, h = 0.02;
    RelicRate here = rate(t);
    bool frozen = false;
    const auto record = [&] {
        if (history) history->push_back({t, W, here.W_eq, detail::RadauStep::right_side(here, W)});
    };
    record();
    while (out.steps < 5000) {
        ++out.steps;
        h = std::min({h, range.longest, range.t_last - t});
        out.evaluations += 3;
        const bool solved = step(rate, here, t, W, h);
        const double off = solved ? std::abs(step.error) / range.tolerance : 1e4;
        const double factor = std::clamp(0.85 * std::pow(std::max(off, 1e-10), -0.25), 0.2, 3.0);
        if (off > 1) {
            h *= solved ? factor : 0.25;
            if (h < 1e-10) return out;
            continue;
        }
        const double before = W - here.W_eq, after = step.end - step.stage[2].W_eq;
        constexpr double ln2 = 0.693147180559945309417;
        if (!frozen && after >= ln2) {
            frozen = true;
            out.t_freeze = t + h * (before < ln2 ? (ln2 - before) / (after - before) : 0);
        }
        const RelicRate last = step.stage[2];
        // d ln lambda/dt over the step: lambda ~ x^-p
        const double p = -(last.log_lambda - step.stage[1].log_lambda) / (h * (1 - (4 + std::sqrt(6.0)) / 10));
        t += h, W = step.end, here = last;
        out.error += std::abs(step.error);
        record();
        const double rest = p > 0 ? std::exp(here.log_lambda + W) / p : 1.0;
        const bool gone = frozen && after > 30;
        if ((gone && p > 0.5 && t > range.t_settled && rest < 0.05 * range.tolerance) || t >= range.t_last) {
            out.Y = std::exp(W) / (1 + (t >= range.t_last ? 0 : rest));
            out.error += rest;
            out.converged = frozen;
            return out;
        }
        h *= factor;
    }
    return out;
}

/// <sigma v> = sigma_0 x^-n of one species: for benchmarks.
struct PowerLaw {
    double mass = 0, dof = 2, sigma = 0, power = 0, planck_mass = 0;
    const DegreesOfFreedom* plasma = nullptr;

    [[nodiscard]] RelicRate operator()(double t) const noexcept {
        constexpr double pi = 3.141592653589793238462643383279503;
        const double x = std::exp(t), T = mass / x;
        const Plasma now = (*plasma)(std::log(T));
        RelicRate rate;
        rate.W_eq = std::log(dof * 45 / (4 * pi * pi * pi * pi) * x * x * bessel_k_scaled(x).k2 / now.h) - x;
        rate.log_lambda = std::log(std::sqrt(pi / 45) * planck_mass * T * now.root() * sigma) - power * t;
        return rate;
    }
};

}  // namespace pheno
