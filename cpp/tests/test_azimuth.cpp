// Averages over the azimuth at a fixed angle: the Gauss rules with two and four nodes against the mean of many points,
// which for a periodic function converges as fast as its nearest pole allows.

#include <cassert>
#include <cmath>
#include <cstdio>

#include "pheno/angle_spectrum.hpp"

namespace {

using namespace pheno;

constexpr double electron = 0.51099895069e-3, muon = 0.1056583755, nucleon = 0.93149410372;

/// Average of L over the azimuth by the rule of the integration.
template <Seen seen, class Amplitude, class Nodes>
double by_rule(const Amplitude& amplitude, const Nodes& nodes) {
    alignas(64) double f[Nodes::capacity];
    if constexpr (seen == Seen::mediator && !Amplitude::has_t1_pole) {
        pheno::detail::one_pole_averages(amplitude, nodes, f);
    } else {
        AzimuthAverage<Nodes>::run(amplitude, nodes.reaction, nodes, f);
    }
    return f[0] / nodes.weight(0);
}

template <class Amplitude, class Nodes>
double by_mean(const Amplitude& amplitude, const Nodes& nodes, int count) {
    double sum = 0.0;
    for (int i = 0; i < count; ++i) {
        const double half = std::sin(3.14159265358979323846 * (i + 0.5) / (2 * count));
        sum += amplitude.at(nodes.reaction, nodes.point(0, 2 * half * half));
    }
    return sum / count;
}

template <Seen seen, class Amplitude>
void check(const char* name, const Amplitude& amplitude, double m, double A, double m_X, double E, double x,
           double angle) {
    using Nodes = pheno::detail::ConeNodes<seen, Amplitude::has_t1_pole>;
    const Reaction<double> c = make_reaction(m, A * nucleon, m_X, E);
    const EnergyShare<double> share = share_from_mediator(c, x * E - m_X);
    const BeamAngle at = beam_angle(angle);
    const etl::OpenStretches open = etl::open_stretches<seen>(c, share, at);
    assert(open.count > 0);
    for (const double where : {0.02, 0.2, 0.5, 0.8}) {
        const double low = open.low[0], high = open.high[0], t0 = low * std::pow(high / low, where);
        const double t[] = {t0, t0, t0, t0}, above[] = {t0 - low, t0 - low, t0 - low, t0 - low};
        const double below[] = {high - t0, high - t0, high - t0, high - t0}, weights[] = {1.0, 1.0, 1.0, 1.0};
        const Nodes nodes{4, c, share, at, t, above, below, weights};
        const double mean = by_mean(amplitude, nodes, 1 << 16), apart = by_rule<seen>(amplitude, nodes) / mean - 1;
        if (!(std::abs(apart) < 1e-9)) {
            std::fprintf(stderr, "%s, %s seen, m_X = %g, E = %g, x = %g, angle %g, t = %g: %.1e apart\n", name,
                         seen == Seen::mediator ? "mediator" : "lepton", m_X, E, x, angle, t0, apart);
            assert(false);
        }
    }
}

template <class Amplitude>
void check_all(const char* name, const Amplitude& amplitude) {
    check<Seen::mediator>(name, amplitude, electron, 207, 0.1, 100, 0.9, 1e-3);
    check<Seen::mediator>(name, amplitude, electron, 27, 0.01, 4, 0.5, 0.02);
    check<Seen::mediator>(name, amplitude, electron, 1.00794, 0.3, 2, 0.7, 0.3);
    check<Seen::mediator>(name, amplitude, muon, 184, 0.05, 15, 0.3, 0.1);
    check<Seen::lepton>(name, amplitude, electron, 207, 0.1, 100, 0.9, 1e-2);
    check<Seen::lepton>(name, amplitude, electron, 27, 0.01, 4, 0.5, 0.02);
    check<Seen::lepton>(name, amplitude, muon, 184, 0.05, 15, 0.3, 0.1);
}

}  // namespace

int main() {
    check_all("scalar", SpinZeroOneAmplitude<Mediator::scalar>{});
    check_all("pseudoscalar", SpinZeroOneAmplitude<Mediator::pseudoscalar>{});
    check_all("vector", SpinZeroOneAmplitude<Mediator::vector>{});
    check_all("axial vector", SpinZeroOneAmplitude<Mediator::axial_vector>{});
    check_all("tensor", TensorAmplitude{});
}
