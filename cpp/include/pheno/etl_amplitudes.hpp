/// Amplitudes as the integrator wants them: averaged over the azimuth, for a buffer of nodes at a time.
#pragma once

#include "pheno/amplitude.hpp"
#include "pheno/azimuth.hpp"
#include "pheno/etl_nodes.hpp"

// Two versions of the hot loop in one binary, chosen when the module loads.  No fused multiply-add in
// either, so both give the same bits.
#if defined(__x86_64__) && defined(__linux__) && defined(__GNUC__) && !defined(__clang__) && \
    !defined(__SANITIZE_ADDRESS__)
#define PHENO_CLONES __attribute__((target_clones("avx2", "default")))
#else
#define PHENO_CLONES
#endif

namespace pheno {

/// Spin 0 and 1: the two-node azimuthal rule is exact (azimuth.hpp).
template <Mediator mediator>
struct SpinZeroOneAmplitude {
    static constexpr bool has_t1_pole = false;
    static constexpr int nodes_per_average = 2;

    [[nodiscard]] double at(const Reaction<double>& c, const Point<double>& v) const noexcept {
        return squared_amplitude<mediator>(v, c.m, c.m_X);
    }

    /// weight * <L>/|Q| at every node; a straight loop, so that the compiler vectorises it.
    PHENO_CLONES void averages(const Reaction<double>& c, const EnergyShare<double>& e, const Recoil<double>& h,
                  const NodeBuffer& nodes, double* __restrict out) const noexcept {
        const Reaction<double> reaction = c;
        const EnergyShare<double> share = e;
        const Recoil<double> recoil = h;
        const int n = nodes.n;
        for (int i = 0; i < n; ++i) {
            const Decay<double> decay = make_decay(reaction, share, recoil, nodes.z[i]);
            const AzimuthRule2 rule = azimuth_rule(decay.U_min, decay.U_swing);
            const double near = at(reaction, make_point(reaction, share, recoil, decay, rule.one_minus_cos[0]));
            const double far = at(reaction, make_point(reaction, share, recoil, decay, rule.one_minus_cos[1]));
            out[i] = nodes.weight[i] * (rule.weight[0] * near + rule.weight[1] * far) / decay.Q;
        }
    }
};

/// Spin 2: poles at U = 0 and at t1 = 0, five-node rule with both in its weight.
struct TensorAmplitude {
    TensorCouplings<double> couplings{1.0, 1.0, 1.0};
    /// Unequal couplings only: leave out what the non-conserved part of the source adds.
    bool conserved_part_only = false;

    static constexpr bool has_t1_pole = true;
    static constexpr int nodes_per_average = 5;

    [[nodiscard]] double at(const Reaction<double>& c, const Point<double>& v) const noexcept {
        if (conserved_part_only) return detail::tensor_squared<true>(v, c.m, c.m_X, couplings);
        return squared_amplitude<Mediator::tensor>(v, c.m, c.m_X, couplings);
    }

    void averages(const Reaction<double>& c, const EnergyShare<double>& e, const Recoil<double>& h,
                  const NodeBuffer& nodes, double* __restrict out) const noexcept {
        for (int i = 0; i < nodes.n; ++i) {
            const Decay<double> decay = make_decay(c, e, h, nodes.z[i]);
            const auto rule = two_pole_rule<nodes_per_average>(decay.U_min, decay.t1_at_pi, decay.U_swing);
            double sum = 0.0;
            for (int j = 0; j < nodes_per_average; ++j) {
                sum += rule.weight[j] * at(c, make_point(c, e, h, decay, rule.one_minus_cos[j]));
            }
            out[i] = nodes.weight[i] * sum / decay.Q;
        }
    }
};

}  // namespace pheno
