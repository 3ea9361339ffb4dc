/// Exact-tree-level spectra at a fixed angle with the beam: of the mediator (theta) or of the recoiling lepton (psi).
///
///   d sigma / (dE_X dU dt)  = alpha^2 G2(t) <L> / (128 pi t^2 M^2 p^2 |p-k|),   U = U_0 + 2 p k (1 - cos theta)
///   d sigma / (dE_X dt1 dt) = alpha^2 G2(t) <L> / (128 pi t^2 M^2 p^2 |p-p'|),  t1 = t1_min + 2 p p' (1 - cos psi)
///
/// with < > the average over the azimuth about V = p - k or p - p' (angle_kinematics.hpp).  The first is
///
///   dPhi_3 = k dE_X dcos(theta) dt dphi / (256 pi^4 M |p-k|),
///
/// the measure of spectrum.hpp with k and Q exchanged for -p' and V: d^3k gives k dE_X dcos(theta)/(8 pi^2), d^3P_f
/// gives |q| dT dcos dphi/(16 pi^3), and the energy delta function fixes the angle of q with V, pi dcos/E' -> pi/(|V||q|).
/// The second is the same with k and p' exchanged.
#pragma once

#include <cmath>
#include <cstdint>

#include "pheno/amplitudes.hpp"
#include "pheno/angle_kinematics.hpp"
#include "pheno/angle_panels.hpp"
#include "pheno/azimuth_average.hpp"
#include "pheno/hot.hpp"
#include "pheno/ladder.hpp"
#include "pheno/process.hpp"

namespace pheno {

namespace detail {

/// Nodes in t as AzimuthAverage reads them.
template <Seen seen, bool with_t1>
struct ConeNodes {
    static constexpr int capacity = 32;
    static constexpr int lanes = 4;  ///< n is padded to a multiple of this with nodes of weight 0
    int n;
    Reaction<double> reaction;
    EnergyShare<double> share;
    BeamAngle angle;
    const double* t;
    const double* above;  ///< the lower end of t
    const double* below;  ///< the upper end of t
    const double* weights;

    [[nodiscard]] Recoil<double> recoil(int i) const noexcept { return make_recoil(reaction, share, t[i]); }
    [[nodiscard]] Cone<double> cone(const Recoil<double>& h, int i) const noexcept {
        return make_cone<seen>(reaction, share, h, angle, {above[i], below[i]});
    }
    /// dU or dt1 over V and the sine of the angle.
    [[nodiscard]] double weight(int i) const noexcept {
        const Cone<double> y = cone(recoil(i), i);
        return weights[i] * 2 * reaction.p * y.v / y.V;
    }
    [[nodiscard]] AzimuthPhase phase(int i) const noexcept {
        const Recoil<double> h = recoil(i);
        return cone_phase<seen, with_t1>(reaction, share, h, cone(h, i));
    }
    [[nodiscard]] Point<double> point(int i, double one_minus_cos) const noexcept {
        const Recoil<double> h = recoil(i);
        return cone_point<seen>(reaction, share, h, angle, cone(h, i), one_minus_cos);
    }
};

/// weight * <L> at every node.  Beside theta the amplitudes of spin 0 and 1 are N(cos phi)/s^2, N of degree 3: they are
/// symmetric under p <-> -p', which takes U to -s.  The rule with two nodes is exact (azimuth.hpp).
template <Mediator mediator, class Nodes>
PHENO_HOT inline void one_pole_averages(const SpinZeroOneAmplitude<mediator>&, const Nodes& given,
                                        double* __restrict out) noexcept {
    const Nodes nodes = given;
    const int count = nodes.n;
    for (int i = 0; i < count; ++i) {
        const Recoil<double> h = nodes.recoil(i);
        const Cone<double> y = nodes.cone(h, i);
        const AzimuthRule2 rule = azimuth_rule(h.s0 + y.z_min, y.swing);
        const auto at = [&](int j) {
            return squared_amplitude<mediator>(nodes.point(i, rule.one_minus_cos[j]), nodes.reaction.m,
                                               nodes.reaction.m_X);
        };
        out[i] = nodes.weight(i) * (rule.weight[0] * at(0) + rule.weight[1] * at(1));
    }
}

}  // namespace detail

namespace etl {

/// Integral of one panel of t with the rules of `level`, up to alpha^2/(128 pi M^2 p^2) and the sine of the angle.
template <Seen seen, class Amplitude>
[[nodiscard]] double panel_integral(const EtlProcess<Amplitude>& process, const EnergyShare<double>& share,
                                    const BeamAngle& angle, const TPanel& panel, int level,
                                    std::int64_t& evaluations) noexcept {
    using Nodes = pheno::detail::ConeNodes<seen, Amplitude::has_t1_pole>;
    using Average = AzimuthAverage<Nodes>;
    const GaussLegendre& rule = gauss_legendre[ladder[level]];
    alignas(64) double t[Nodes::capacity], above[Nodes::capacity], below[Nodes::capacity], weight[Nodes::capacity],
        f[Nodes::capacity];
    int n = 0;
    for (; n < rule.n; ++n) {
        double jacobian = 0.0, beyond = 0.0;
        t[n] = panel.at(rule.node[n], jacobian, beyond);
        above[n] = (panel.low - panel.opens_at) + beyond;
        below[n] = panel.closes_at - t[n];
        weight[n] = rule.weight[n] * jacobian * process.form_factor(t[n]) / (t[n] * t[n]);
    }
    constexpr bool one_pole = seen == Seen::mediator && !Amplitude::has_t1_pole;
    evaluations += std::int64_t{one_pole ? 2 : Average::evaluations} * n;
    for (; n % Nodes::lanes != 0; ++n) {
        t[n] = t[n - 1];
        above[n] = above[n - 1];
        below[n] = below[n - 1];
        weight[n] = 0.0;
    }
    const Nodes nodes{n, process.reaction, share, angle, t, above, below, weight};
    if constexpr (one_pole) {
        pheno::detail::one_pole_averages(process.amplitude, nodes, f);
    } else {
        Average::run(process.amplitude, process.reaction, nodes, f);
    }
    double sum = 0.0;
    for (int i = 0; i < n; ++i) sum += f[i];
    return sum;
}

}  // namespace etl

/// d2 sigma/(dE_X dangle) at unit coupling [GeV^-3 per rad].
///
/// @param rtol  the error estimate is below rtol times the value, or status is not_converged
/// @return      exactly 0 where E_X and the angle are kinematically closed
template <Seen seen, class Amplitude>
[[nodiscard]] Estimate angle_spectrum(const EtlProcess<Amplitude>& process, double alpha,
                                      const EnergyShare<double>& share, double at_angle, double rtol) noexcept {
    Estimate result;
    const BeamAngle angle = beam_angle(at_angle);
    if (!(angle.sine > 0.0)) return result;
    TPanels panels =
        etl::angle_panels<seen, Amplitude::has_t1_pole>(process.reaction, share, angle, process.form_factor);
    if (panels.count == 0) return result;
    constexpr int base = 2;  // few nodes would miss a panel that is reached at one end only
    const auto integral = [&](const TPanel& panel, int level) noexcept {
        return etl::panel_integral<seen>(process, share, angle, panel, level, result.evaluations);
    };
    const Estimate total = etl::climb_all(panels, base, rtol, etl::of_distributions, integral);
    return etl::scaled(total, etl::prefactor(process.reaction, alpha) * angle.sine, result.evaluations);
}

}  // namespace pheno
