// Electromagnetic form factors of an atom, G2(t) = Z^2 F^2(t) (+ what break-up adds).
//
// One published form, one name. Every form is a value: copy it, call it, no heap.
//
//   screening  S(a, t) = a^2 t / (1 + a^2 t)              [Schiff, Phys. Rev. 83 (1951) 252]
//
//   tsai                Z^2 S(a)^2 (1 + t/d)^-2            [Kim & Tsai, Phys. Rev. D 8 (1973) 3109;
//                                                           Bjorken et al. 0906.0580, Eq. (A18)]
//   tsai_inelastic_773  tsai + Z S(a')^2 [(1 + tau (mu^2 - 1)) / (1 + t/0.71)^4]^2,
//                       a' = 773 Z^(-2/3)/m_e              [0906.0580, Eq. (A19), as printed]
//   tsai_inelastic_724  the same with the radii of Tsai, Rev. Mod. Phys. 46 (1974) 815:
//                       a  = 184.15 e^(-1/2) Z^(-1/3)/m_e  (= 111.7)
//                       a' = 1194   e^(-1/2) Z^(-2/3)/m_e  (= 724.2)
//                       They are the radii for which the forms above give the complete-screening
//                       logarithms ln(184.15 Z^(-1/3)) and ln(1194 Z^(-2/3)) of the radiation length.
//   tsai_quasi_elastic  tsai + Z S(a')^2 (1 + tau mu^2)/(1 + tau) (1 + t/0.71)^-4, a' = 773
//                       the free proton, (G_E^2 + tau G_M^2)/(1 + tau) with dipole G_E = G_M/mu;
//                       (A19) prints its expansion in tau, but squared once too often.
//   helm                Z^2 S(a)^2 [3 j1(z)/z]^2 exp(-s^2 t), z = sqrt(t) R
//                       [Helm, Phys. Rev. 104 (1956) 1466; radii of Lewin & Smith,
//                        Astropart. Phys. 6 (1996) 87, Eqs. (4.7), (4.11)]:
//                       s = 0.9 fm, R^2 = c^2 + 7/3 pi^2 0.52^2 - 5 s^2, c = 1.23 A^(1/3) - 0.60 fm
//   exponential         Z^2 S(a)^2 exp(-t R^2/3), R = 0.91 (M/GeV)^(1/3) + 0.3 fm, M = 0.9315 A GeV
//                       [Ahlen et al., Phys. Lett. B 195 (1987) 603; Freese, Frieman & Gould,
//                        Phys. Rev. D 37 (1988) 3388]
//   point_like          Z^2 S(a)^2                         (Schiff: atomic screening only)
//   none                Z^2
//
// with a = 111 Z^(-1/3)/m_e and d = 0.164 A^(-2/3) GeV^2 unless said otherwise, tau = t/(4 m_p^2),
// mu = 2.79. 773 and 724 circulate under one name elsewhere; here they cannot be confused.
//
// Relative accuracy: a few ulp for 1e-20 < t/GeV^2 < 1e4, except for Helm beside its zeros, where
// the error is a few ulp of the envelope (a diffraction minimum is ill conditioned in R).
#pragma once

#include <array>
#include <cmath>
#include <cstdint>
#include <cstdlib>

namespace pheno {

enum class FormFactorKind : std::uint8_t {
    tsai,
    tsai_inelastic_773,
    tsai_inelastic_724,
    tsai_quasi_elastic,
    helm,
    exponential,
    point_like,
    none,
};

namespace form_factor {

/// 1 fm in GeV^-1; exact since the SI of 2019 up to the digits written.
inline constexpr double fermi = 1.0 / 0.1973269804;
/// Constants of the parametrisation (A19), with the digits it was published with.
inline constexpr double proton_moment = 2.79;
inline constexpr double proton_mass = 0.938;
inline constexpr double proton_dipole = 0.71;  // [GeV^2]
inline constexpr double helm_skin_fm = 0.9;
inline constexpr double helm_diffuse_fm = 0.52;

/// S(a, t)^2 = [a^2 t / (1 + a^2 t)]^2.
[[nodiscard]] inline double screening_squared(double a2, double t) noexcept {
    const double y = a2 * t;
    const double s = y / (1.0 + y);
    return s * s;
}

/// [3 j1(z)/z]^2 for z^2 = `z2`; the closed form loses z^-3 digits, so small z uses the series
/// sum_k (-z^2/2)^k 3 / (k! (2k+3)!!).
[[nodiscard]] inline double sphere_squared(double z2) noexcept {
    double f;
    if (z2 < 4.0) {
        double term = 1.0;
        f = 1.0;
        for (int k = 1; k <= 16; ++k) {
            term *= -0.5 * z2 / (k * (2.0 * k + 3.0));
            f += term;
        }
    } else {
        const double z = std::sqrt(z2);
        f = 3.0 * (std::sin(z) - z * std::cos(z)) / (z2 * z);
    }
    return f * f;
}

/// One proton at rest leaving the nucleus, times the atomic incoherent screening.
///
/// `squared` selects (A19) as printed; otherwise the free-proton structure function.
[[nodiscard]] inline double proton(double a2, double t, bool squared) noexcept {
    const double tau = t / (4.0 * proton_mass * proton_mass);
    const double dipole = 1.0 / (1.0 + t / proton_dipole);
    const double d4 = dipole * dipole * dipole * dipole;
    const double mu2 = proton_moment * proton_moment;
    const double s2 = screening_squared(a2, t);
    if (squared) {
        const double bracket = (1.0 + tau * (mu2 - 1.0)) * d4;
        return s2 * bracket * bracket;
    }
    return s2 * d4 * (1.0 + tau * mu2) / (1.0 + tau);
}

}  // namespace form_factor

/// G2(t) of one atom: Z^2 F^2(t), plus the incoherent term where the form has one.
struct FormFactor {
    FormFactorKind kind = FormFactorKind::tsai;
    double Z = 1.0;
    double screening2 = 0.0;  ///< a^2 [GeV^-2]; 0 where the form has no screening
    double size = 0.0;        ///< d [GeV^2], or 3/R^2 of `exponential`; 0 if point-like
    double inelastic2 = 0.0;  ///< a'^2 [GeV^-2]; 0 where the form is elastic
    double radius2 = 0.0;     ///< Helm: R^2 [GeV^-2]
    double skin2 = 0.0;       ///< Helm: s^2 [GeV^-2]

    /// Coherent part Z^2 F^2(t).
    ///
    /// @param t  -q^2 > 0 [GeV^2]
    [[nodiscard]] double elastic(double t) const noexcept {
        const double s2 = form_factor::screening_squared(screening2, t);
        switch (kind) {  // no default: a new form without a case must not compile
            case FormFactorKind::tsai:
            case FormFactorKind::tsai_inelastic_773:
            case FormFactorKind::tsai_inelastic_724:
            case FormFactorKind::tsai_quasi_elastic: {
                const double nuclear = 1.0 / (1.0 + t / size);
                return Z * Z * s2 * nuclear * nuclear;
            }
            case FormFactorKind::helm:
                return Z * Z * s2 * form_factor::sphere_squared(radius2 * t) * std::exp(-skin2 * t);
            case FormFactorKind::exponential: return Z * Z * s2 * std::exp(-t / size);
            case FormFactorKind::point_like: return Z * Z * s2;
            case FormFactorKind::none: return Z * Z;
        }
        std::abort();  // not reached
    }

    /// Incoherent part, 0 for the elastic forms.
    [[nodiscard]] double inelastic(double t) const noexcept {
        if (inelastic2 == 0.0) return 0.0;
        return Z * form_factor::proton(inelastic2, t, kind != FormFactorKind::tsai_quasi_elastic);
    }

    [[nodiscard]] double operator()(double t) const noexcept {
        return inelastic2 == 0.0 ? elastic(t) : elastic(t) + inelastic(t);
    }

    /// Values of t where G2 changes its power law [GeV^2], unused entries 0: split panels there.
    ///
    /// {1/a^2, nuclear size, 1/a'^2, 0.71 GeV^2}; the nuclear size is d, 3/R^2 for
    /// `exponential` and 1/R^2 for `helm`, beyond which Helm oscillates with period
    /// pi/R in sqrt(t) under exp(-s^2 t).
    [[nodiscard]] std::array<double, 4> scales() const noexcept {
        std::array<double, 4> result{0.0, 0.0, 0.0, 0.0};
        if (screening2 > 0.0) result[0] = 1.0 / screening2;
        if (radius2 > 0.0) {
            result[1] = 1.0 / radius2;
        } else {
            result[1] = size;
        }
        if (inelastic2 > 0.0) {
            result[2] = 1.0 / inelastic2;
            result[3] = form_factor::proton_dipole;
        }
        return result;
    }
};

namespace form_factor {

[[nodiscard]] inline double square(double x) noexcept {
    return x * x;
}

inline void set_helm(FormFactor& f, double A) noexcept {
    constexpr double pi = 3.14159265358979323846;
    const double c = 1.23 * std::cbrt(A) - 0.60;
    const double r2 = c * c + 7.0 / 3.0 * square(pi * helm_diffuse_fm) - 5.0 * square(helm_skin_fm);
    f.radius2 = r2 * square(fermi);
    f.skin2 = square(helm_skin_fm * fermi);
}

}  // namespace form_factor

/// The form `kind` for the atom (Z, A).
///
/// @param Z              nuclear charge
/// @param A              mass number
/// @param electron_mass  [GeV], sets the screening radii
[[nodiscard]] inline FormFactor make_form_factor(FormFactorKind kind, double Z, double A,
                                                 double electron_mass) noexcept {
    using form_factor::square;
    const double z13 = std::cbrt(Z);
    FormFactor f;
    f.kind = kind;
    f.Z = Z;
    f.screening2 = square(111.0 / (z13 * electron_mass));
    f.size = 0.164 / square(std::cbrt(A));
    switch (kind) {
        case FormFactorKind::tsai: break;
        case FormFactorKind::tsai_inelastic_773:
        case FormFactorKind::tsai_quasi_elastic: f.inelastic2 = square(773.0 / (z13 * z13 * electron_mass)); break;
        case FormFactorKind::tsai_inelastic_724:
            f.screening2 = square(184.15 / (z13 * electron_mass)) * std::exp(-1.0);
            f.inelastic2 = square(1194.0 / (z13 * z13 * electron_mass)) * std::exp(-1.0);
            break;
        case FormFactorKind::helm:
            f.size = 0.0;
            form_factor::set_helm(f, A);
            break;
        case FormFactorKind::exponential:
            f.size = 3.0 / square((0.91 * std::cbrt(0.9315 * A) + 0.3) * form_factor::fermi);
            break;
        case FormFactorKind::point_like: f.size = 0.0; break;
        case FormFactorKind::none:
            f.size = 0.0;
            f.screening2 = 0.0;
            break;
    }
    return f;
}

}  // namespace pheno
