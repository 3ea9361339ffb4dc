// What two simulators compute, with their constants, cuts and thresholds.
//
// Sources (read, not copied):
//   DMG4         PKMuon/DMG4: src/DarkMatter/{DarkPhotons,DarkScalars,DarkPseudoScalars,DarkAxials}.cc at 013cc350,
//                DarkZ.cc at adb6b9b0 and DarkMuPhilic{Scalars,PseudoScalars}.cc (2.2 and later),
//                DarkMassSpin2.cc and include/DarkMatter.hh at bfed313f
//   G4DarkBreM   LDMX-Software/G4DarkBreM: src/G4DarkBreM/G4DarkBreMModel.cxx at 0ad47b9c
//
// Both give pb at coupling epsilon e. Everything here is per unit coupling squared in GeV^-2, scaled so that
// coupling = epsilon e and *our* conversion to pb return *their* number: theirs is proportional to
// epsilon^2 alpha^3 with alpha = 1/137 and to 3.894e8 pb GeV^2.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "pheno/compton_point.hpp"
#include "pheno/estimate.hpp"
#include "pheno/flux.hpp"
#include "pheno/form_factor.hpp"
#include "pheno/mediator.hpp"
#include "pheno/weizsaecker_williams.hpp"

namespace pheno {

namespace simulators {

/// What the caller will multiply with: only needed to undo it.
struct Conventions {
    double alpha = 0.0;       ///< fine-structure constant in coupling = epsilon e
    double GeV2_to_pb = 0.0;  ///< pb GeV^2
};

inline constexpr double alpha = 1.0 / 137.0;
inline constexpr double GeV2_to_pb = 3.894e8;
inline constexpr double pi = 3.14159265358979323846;

namespace dmg4 {
inline constexpr double electron_mass = 5.109989461e-4;
inline constexpr double muon_mass = 0.1056583745;
}  // namespace dmg4

namespace g4darkbrem {
inline constexpr double electron_mass = 0.000511;  // of the screening radii; the lepton's own mass is Geant4's
inline constexpr double theta_max = 0.3;
}  // namespace g4darkbrem

/// epsilon^2 alpha^3 and pb of a simulator, per unit coupling squared in GeV^-2 of the caller.
[[nodiscard]] inline double cubic_scale(const Conventions& c) noexcept {
    return alpha * alpha * alpha / (4.0 * pi * c.alpha) * GeV2_to_pb / c.GeV2_to_pb;
}

[[nodiscard]] inline Estimate scaled(Estimate e, double factor) noexcept {
    e.value *= factor;
    e.error *= factor;
    return e;
}

}  // namespace simulators

/// "dmg4_iww": the closed form DMG4 uses for electrons of every energy [2101.12192].
///
///   sigma = n alpha^3 epsilon^2 chi beta ln(1/delta^2)/m_X^2,   n = 4/3 (vector, axial), 2/3 (scalar, pseudoscalar),
///   chi(m_X^4/(4 E^2), m_X^2) elastic, beta = (1 - m_X^2/E^2)^(1/2), delta = max(m_e/m_X, m_X/E).
///
/// Differs from "iww": the integral over x is replaced by its leading logarithm (the kink of delta at
/// E = m_X^2/m_e is theirs), all mediators of one spin are equal, t_max = m_X^2. Exactly 0 below
/// E = m_X (1 + m_e/A + 2 m_X/A) (their threshold, with A in GeV for the nuclear mass), and where the logarithm is
/// negative (m_X < m_e). DMG4 divides this by a tabulated K (Pb, 20-160 GeV, clamped outside), and below 1 MeV uses
/// tables instead. The tensor has no such form: 0.
[[nodiscard]] inline Estimate dmg4_iww(Mediator mediator, double m_X, double E, double Z, double A,
                                       const simulators::Conventions& conventions) noexcept {
    using simulators::dmg4::electron_mass;
    double front = 0.0;
    switch (mediator) {
        case Mediator::scalar:
        case Mediator::pseudoscalar: front = 2.0 / 3.0; break;
        case Mediator::vector:
        case Mediator::axial_vector: front = 4.0 / 3.0; break;
        case Mediator::tensor: return {};
    }
    const double threshold = m_X * (1.0 + electron_mass / A + 2.0 * m_X / A);
    const double delta = std::max(electron_mass / m_X, m_X / E);
    if (E < threshold || !(delta < 1.0)) return {};
    const double m2 = m_X * m_X;
    const FormFactor form = make_form_factor(FormFactorKind::tsai, Z, A, electron_mass);
    const Estimate chi = photon_flux(form, m2 * m2 / (4.0 * E * E), m2, 0.0);
    const double beta = std::sqrt((1.0 - m_X / E) * (1.0 + m_X / E));
    return simulators::scaled(chi, front * simulators::cubic_scale(conventions) * beta * -2.0 * std::log(delta) / m2);
}

namespace simulators {

/// 2->2 amplitude of DarkMassSpin2.cc: massless lepton, universal coupling [2210.00751].
///
/// Only s, u and t in the numerator forget the mass; poles at s = u = m^2 keep it.
struct MasslessTensor {
    double m;
    double m_X;
    [[nodiscard]] double operator()(const ComptonPoint<double>& v) const noexcept {
        const double M2 = m_X * m_X;
        const double t = -v.t1;
        const double u = m * m - v.U;
        const double square = (u + t) * (u + t) + (u - M2) * (u - M2);
        return square * (4.0 * u * (u + t - M2) - M2 * t) / (v.t1 * v.s * v.U);
    }
};

}  // namespace simulators

/// "dmg4_ww": what DMG4 integrates for muons (vector, scalar, pseudoscalar), and for the tensor on electrons.
///
/// As "ww" (t_max = E^2, elastic tsai, chi at each x and theta), but: alpha = 1/137 and pb above; theta < 0.3 with
/// sin(theta) kept; 1 - x > m_mu/E + m_X^4/(8 E^3 A); exactly 0 below E = 2 m_X. `x_min` plays their EThresh/E.
/// Tensor: electrons, theta < 0.1, flux to t = infinity wherever t_min < 100 GeV^2, 1 - x > m_e/E, massless-lepton
/// amplitude, and epsilon stands for c/Lambda in GeV^-1, not for epsilon e.
/// The axial vector has no such form: 0. Ours is the value of their integral; theirs comes from 5e6 MISER calls.
[[nodiscard]] inline Estimate dmg4_ww(Mediator mediator, double m_X, double E, double Z, double A, double x_min,
                                      double x_max, double rtol, const simulators::Conventions& conventions) noexcept {
    namespace dmg4 = simulators::dmg4;
    if (E < 2.0 * m_X || mediator == Mediator::axial_vector) return {};
    const bool tensor = mediator == Mediator::tensor;
    const double m = tensor ? dmg4::electron_mass : dmg4::muon_mass;
    WeizsaeckerWilliams w = make_ww(FluxRange::ww, m, m_X, E, simulators::alpha,
                                    make_form_factor(FormFactorKind::tsai, Z, A, dmg4::electron_mass));
    w.x_min = x_min;
    w.x_max = x_max;
    w.rtol = rtol;
    w.theta_max = tensor ? 0.1 : 0.3;
    const double pb = simulators::GeV2_to_pb / conventions.GeV2_to_pb;
    if (tensor) {
        w.t_max = 1e300;
        w.t_min_limit = 100.0;
        return simulators::scaled(weizsaecker_williams::total(w, simulators::MasslessTensor{m, m_X}), pb);
    }
    w.rest_min = m / E + m_X * m_X * m_X * m_X / (8.0 * E * E * E * A);
    return simulators::scaled(total_ww(w, mediator), pb * simulators::alpha / conventions.alpha);
}

enum class G4DarkBreMMethod : std::uint8_t { full, improved, hyper_improved };

namespace simulators {

/// d sigma/dx / (4 epsilon^2 alpha^3 chi) of the methods Improved and HyperImproved.
///
/// (1 - x + x^2/3) beta/[m_X^2 (1-x)/x + m^2]: the last term lacks the factor x of Bjorken et al. 0906.0580,
/// App. A, and beta is that of x = 1.
[[nodiscard]] inline double leading_spectrum(const WeizsaeckerWilliams& w,
                                             const weizsaecker_williams::Share& at) noexcept {
    const double mu = w.m_X / w.E;
    const double beta = std::sqrt((1.0 - mu) * (1.0 + mu));
    return beta * (at.rest + at.x * at.x / 3.0) / (w.m_X * w.m_X * at.rest / at.x + w.m * w.m);
}

/// chi at theta = 0 as a function of x, up to t = E^2.
[[nodiscard]] inline double forward_flux(const WeizsaeckerWilliams& w, const weizsaecker_williams::Share& at) noexcept {
    const double U = w.m_X * w.m_X * at.rest / at.x + w.m * w.m * at.x;
    const double root = U / (2.0 * w.E * at.rest);
    return photon_flux(w.form_factor, root * root, w.E * w.E, 0.01 * w.rtol).value;
}

}  // namespace simulators

/// "g4darkbrem_full", "g4darkbrem_improved", "g4darkbrem_hyper_improved": G4DarkBreM, vector mediator only.
///
/// Common: alpha = 1/137, pb above; elastic + inelastic flux (tsai_inelastic_773 with m_e = 0.000511 GeV);
/// m_X/E < x < 1 - max(m, m_X)/E (so nothing below E = 2 m_X, and the range x > 1 - m_X/E, where the exact spectrum of
/// an electron peaks, is lost); exactly 0 for a kinetic energy below 2 m_X.
///   full            as "ww" with theta < 0.3 and sin(theta) kept
///   improved        chi at theta = 0 for each x up to t = E^2, times the leading spectrum
///   hyper_improved  chi(m_X^4/(4 E^2), m_X^2 + m^2) times the leading spectrum
/// Ours are the values of their integrals, which they do by nested 61-point Gauss-Kronrod rules of depth 5.
[[nodiscard]] inline Estimate g4darkbrem(G4DarkBreMMethod method, double m, double m_X, double E, double Z, double A,
                                         double x_min, double x_max, double rtol,
                                         const simulators::Conventions& conventions) noexcept {
    namespace ww = weizsaecker_williams;
    if (E - m < std::max(1e-6, 2.0 * m_X)) return {};
    WeizsaeckerWilliams w =
        make_ww(FluxRange::ww, m, m_X, E, simulators::alpha,
                make_form_factor(FormFactorKind::tsai_inelastic_773, Z, A, simulators::g4darkbrem::electron_mass));
    w.x_min = x_min;
    w.x_max = x_max;
    w.rtol = rtol;
    w.rest_min = std::max(m, m_X) / E;
    w.theta_max = simulators::g4darkbrem::theta_max;
    if (method == G4DarkBreMMethod::full) {
        const double scale = simulators::alpha / conventions.alpha * simulators::GeV2_to_pb / conventions.GeV2_to_pb;
        return simulators::scaled(total_ww(w, Mediator::vector), scale);
    }
    const double scale = 4.0 * simulators::cubic_scale(conventions);
    if (method == G4DarkBreMMethod::improved) {
        const auto slice = [&](const ww::Share& at) noexcept {
            return simulators::leading_spectrum(w, at) * simulators::forward_flux(w, at);
        };
        return simulators::scaled(ww::integral_over_x(w, slice, 0.4 * rtol), scale);
    }
    const auto slice = [&](const ww::Share& at) noexcept { return simulators::leading_spectrum(w, at); };
    w.t_max = m_X * m_X + m * m;
    const Estimate chi = ww::constant_flux(w);
    Estimate result = simulators::scaled(ww::integral_over_x(w, slice, 0.4 * rtol), scale * chi.value);
    result.error += std::abs(result.value) * (chi.value > 0.0 ? chi.error / chi.value : 0.0);
    result.evaluations += chi.evaluations;
    return result;
}

}  // namespace pheno
