// Flux of equivalent photons of an atom,
//
//   chi(t_min, t_max) = int_{t_min}^{t_max} dt (t - t_min)/t^2 G2(t)
//
// [Kim & Tsai, Phys. Rev. D 8 (1973) 3109; Bjorken et al. 0906.0580, Eq. (A17)].
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "pheno/estimate.hpp"
#include "pheno/form_factor.hpp"
#include "pheno/gauss_kronrod.hpp"

namespace pheno {

namespace flux {

/// int_0^v u (1-u) / (1 + kappa (1-u))^2 du, the whole flux of the form `tsai` in disguise.
///
/// With A = 1/a^2 + t_min, D = d + t_min, kappa = (D-A)/A and u = (t-t_min)/(t-t_min+A),
/// chi = Z^2 (d/A)^2 times this. The closed form
///   [ (2+kappa)/kappa log1p(w) - v - v/(1+kappa(1-v)) ] / kappa^2,  w = kappa v/(1+kappa(1-v)),
/// cancels like v^3 and kappa^2; below that the integrand is smooth (its pole is at least three
/// half-widths away) and ten Gauss points give it to rounding.
[[nodiscard]] inline double tsai_kernel(double v, double one_minus_v, double kappa) noexcept {
    const double end = 1.0 + kappa * one_minus_v;
    if (kappa > 1.0 && v > 0.5) {
        return ((2.0 + kappa) / kappa * std::log1p(kappa * v / end) - v - v / end) / (kappa * kappa);
    }
    // Positive half of the ten-point Gauss-Legendre rule [Abramowitz & Stegun, table 25.4].
    constexpr std::array<double, 5> node{
        0.1488743389816312108848, 0.4333953941292471907993, 0.6794095682990244062343,
        0.8650633666889845107321, 0.9739065285171717200780,
    };
    constexpr std::array<double, 5> weight{
        0.2955242247147528701739, 0.2692667193099963550912, 0.2190863625159820439955,
        0.1494513491505805931458, 0.0666713443086881375936,
    };
    double sum = 0.0;
    for (std::size_t i = 0; i < node.size(); ++i) {
        for (const double sign : {-1.0, 1.0}) {
            const double share = 0.5 * (1.0 + sign * node[i]);
            const double u = v * share;
            const double rest = one_minus_v + v * (1.0 - share);  // 1 - u, exact as v -> 1
            const double den = 1.0 + kappa * rest;
            sum += weight[i] * u * rest / (den * den);
        }
    }
    return 0.5 * v * sum;
}

/// Closed form for Z^2 S(a)^2 (1 + t/d)^-2.
[[nodiscard]] inline double tsai(double Z, double a2, double d, double t_min, double t_max) noexcept {
    const double A = 1.0 / a2 + t_min;
    const double range = t_max - t_min;
    const double delta = d - 1.0 / a2;
    // The kernel is symmetric in A <-> D; the smaller one as A keeps kappa >= 0.
    const double low = delta >= 0.0 ? A : d + t_min;
    const double v = range / (range + low);
    const double scale = Z * d / low;
    return scale * scale * tsai_kernel(v, low / (range + low), std::abs(delta) / low);
}

/// Closed form for Z^2 S(a)^2: ln(1 + z) - z/(1 + z), z = (t_max - t_min)/(1/a^2 + t_min).
[[nodiscard]] inline double point_like(double Z, double a2, double t_min, double t_max) noexcept {
    const double A = 1.0 / a2 + t_min;
    const double v = (t_max - t_min) / (t_max - t_min + A);
    if (v > 0.1) return Z * Z * (std::log1p((t_max - t_min) / A) - v);
    double sum = 0.0;  // -ln(1-v) - v = v^2/2 + v^3/3 + ...
    double power = v;
    for (int k = 2; k <= 17; ++k) {
        power *= v;
        sum += power / k;
    }
    return Z * Z * sum;
}

/// Z^2 [ln r - 1 + 1/r], r = t_max/t_min, for F = 1.
[[nodiscard]] inline double none(double Z, double t_min, double t_max) noexcept {
    const double e = (t_max - t_min) / t_min;
    if (e > 0.1) return Z * Z * (std::log1p(e) - e / (1.0 + e));
    double sum = 0.0;
    double power = e / (1.0 + e);
    const double v = power;
    for (int k = 2; k <= 17; ++k) {
        power *= v;
        sum += power / k;
    }
    return Z * Z * sum;
}

/// Any positive g(t) by quadrature in ln t, panels split at `scales`.
///
/// @param reach  g is negligible beyond t_min + reach
template <class G>
[[nodiscard]] inline Estimate by_quadrature(const G& g, const std::array<double, 4>& scales, double a2, double reach,
                                            double t_min, double t_max, double rtol) noexcept {
    // Below 1e-9/a^2 a screened form is (a^2 t)^2 and contributes less than 1e-18.
    const double floor_t = a2 > 0.0 ? 1e-9 * std::min(1.0 / a2, t_max) : 0.0;
    const double low = std::max(t_min, floor_t);
    const double high = std::min(t_max, low + reach);
    if (!(high > low)) return {};
    std::array<double, 6> inner{};
    for (std::size_t i = 0; i < scales.size(); ++i) {
        inner[i] = scales[i] > 0.0 ? std::log(scales[i]) : -std::numeric_limits<double>::infinity();
    }
    inner[4] = std::log(low + reach / 256.0);
    inner[5] = std::log(low + reach / 16.0);
    const gauss_kronrod::Breaks<24> breaks(std::log(low), std::log(high), inner, 5.0);
    const auto integrand = [&](double ln_t) noexcept {
        const double t = std::exp(ln_t);
        return (t - t_min) / t * g(t);
    };
    return integrate<160>(integrand, breaks, rtol);
}

}  // namespace flux

/// chi(t_min, t_max) of the form `f`; exactly 0 unless t_min < t_max.
///
/// `tsai`, `point_like` and `none` are closed forms (rounding error, rtol unused); the others
/// integrate in ln t to `rtol`.
[[nodiscard]] inline Estimate photon_flux(const FormFactor& f, double t_min, double t_max, double rtol) noexcept {
    constexpr double rounding = 64 * std::numeric_limits<double>::epsilon();
    Estimate result;
    if (!(t_min > 0.0) || !(t_min < t_max)) return result;
    result.evaluations = 1;
    const double tolerance = std::max(rtol, rounding);
    switch (f.kind) {
        case FormFactorKind::none: result.value = flux::none(f.Z, t_min, t_max); break;
        case FormFactorKind::point_like: result.value = flux::point_like(f.Z, f.screening2, t_min, t_max); break;
        case FormFactorKind::tsai:
        case FormFactorKind::tsai_inelastic_773:
        case FormFactorKind::tsai_inelastic_724:
        case FormFactorKind::tsai_quasi_elastic:
            result.value = flux::tsai(f.Z, f.screening2, f.size, t_min, t_max);
            break;
        case FormFactorKind::helm:
            return flux::by_quadrature([&f](double t) noexcept { return f(t); }, f.scales(), f.screening2,
                                       45.0 / f.skin2, t_min, t_max, tolerance);
        case FormFactorKind::exponential:
            return flux::by_quadrature([&f](double t) noexcept { return f(t); }, f.scales(), f.screening2,
                                       45.0 * f.size, t_min, t_max, tolerance);
    }
    result.error = rounding * result.value;
    if (f.inelastic2 > 0.0) {
        const double reach = 1e4 * std::max(t_min, form_factor::proton_dipole);
        const Estimate broken_up = flux::by_quadrature([&f](double t) noexcept { return f.inelastic(t); }, f.scales(),
                                                       f.inelastic2, reach, t_min, t_max, tolerance);
        result.value += broken_up.value;
        result.error += broken_up.error;
        result.evaluations += broken_up.evaluations;
        result.status = broken_up.status;
    }
    return result;
}

}  // namespace pheno
