/// Amplitudes as the integrator wants them: averaged over the azimuth, for a buffer of nodes at a time.
#pragma once

#include "pheno/amplitude.hpp"
#include "pheno/azimuth.hpp"
#include "pheno/etl_nodes.hpp"
#include "pheno/hot.hpp"

namespace pheno {

/// Spin 0 and 1: the two-node azimuthal rule is exact (azimuth.hpp).
template <Mediator mediator>
struct SpinZeroOneAmplitude {
    static constexpr bool has_t1_pole = false;
    [[nodiscard]] static int nodes_per_average(bool) noexcept { return 2; }

    [[nodiscard]] double at(const Reaction<double>& c, const Point<double>& v) const noexcept {
        return squared_amplitude<mediator>(v, c.m, c.m_X);
    }

    /// weight * <L>/|Q| at every node; a straight loop, so that the compiler vectorises it.
    PHENO_HOT void averages(const Reaction<double>& c, const EnergyShare<double>& e, const Recoil<double>& h,
                            const NodeBuffer& nodes, bool, double* __restrict out) const noexcept {
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

/// Spin 2: poles at U = 0 and at t1 = 0.  Four nodes are exact but for the weak dependence of the nuclear
/// propagator on phi, which only a slow mediator sees (1e-5 at worst, at E_X close to m_X); six for the fine levels.
struct TensorAmplitude {
    TensorCouplings<double> couplings{1.0, 1.0, 1.0};
    /// Unequal couplings only: leave out what the non-conserved part of the source adds.
    bool conserved_part_only = false;

    static constexpr bool has_t1_pole = true;

    [[nodiscard]] double at(const Reaction<double>& c, const Point<double>& v) const noexcept {
        if (conserved()) return detail::tensor_squared<true>(v, c.m, c.m_X, couplings);
        return detail::tensor_squared<false>(v, c.m, c.m_X, couplings);
    }

    [[nodiscard]] static int nodes_per_average(bool fine) noexcept { return fine ? 6 : 4; }

    void averages(const Reaction<double>& c, const EnergyShare<double>& e, const Recoil<double>& h,
                  const NodeBuffer& nodes, bool fine, double* __restrict out) const noexcept {
        if (conserved()) {
            fine ? loop<6, true>(c, e, h, couplings, nodes, out) : loop<4, true>(c, e, h, couplings, nodes, out);
        } else {
            fine ? loop<6, false>(c, e, h, couplings, nodes, out) : loop<4, false>(c, e, h, couplings, nodes, out);
        }
    }

private:
    [[nodiscard]] bool conserved() const noexcept {
        return conserved_part_only || (couplings.lepton == couplings.photon && couplings.photon == couplings.nucleus);
    }

    using Row = double[NodeBuffer::capacity];

    template <int n, bool conserved>
    static void loop(const Reaction<double>& c, const EnergyShare<double>& e, const Recoil<double>& h,
                     const TensorCouplings<double>& couplings, const NodeBuffer& nodes, double* out) noexcept {
        alignas(64) Row a, b;
        poles(c, e, h, nodes, a, b);
        for (int i = 0; i < nodes.n; ++i) out[i] = 0.0;
        each_node<n, 0, conserved>(c, e, h, couplings, nodes, a, b, out);
    }

    template <int n, int j, bool conserved>
    static void each_node(const Reaction<double>& c, const EnergyShare<double>& e, const Recoil<double>& h,
                          const TensorCouplings<double>& couplings, const NodeBuffer& nodes, const double* a,
                          const double* b, double* out) noexcept {
        alignas(64) Row tau;
        for (int i = 0; i < nodes.n; ++i) tau[i] = detail::first_guess<n, j>(a[i], b[i]);
        for (int step = 0; step < 6; ++step) newton<n, j>(nodes.n, a, b, tau);
        add<n, conserved>(c, e, h, couplings, nodes, a, b, tau, out);
        if constexpr (j + 1 < n) each_node<n, j + 1, conserved>(c, e, h, couplings, nodes, a, b, out);
    }

    PHENO_HOT static void poles(const Reaction<double>& c, const EnergyShare<double>& e, const Recoil<double>& h,
                                const NodeBuffer& nodes, double* __restrict a, double* __restrict b) noexcept {
        const Reaction<double> reaction = c;
        const EnergyShare<double> share = e;
        const Recoil<double> recoil = h;
        const int count = nodes.n;
        for (int i = 0; i < count; ++i) {
            const Decay<double> decay = make_decay(reaction, share, recoil, nodes.z[i]);
            a[i] = std::sqrt(1 + 2 * decay.U_swing / decay.U_min);
            b[i] = std::sqrt(decay.t1_at_pi / (decay.t1_at_pi + 2 * decay.U_swing));
        }
    }

    template <int n, int j>
    PHENO_HOT static void newton(int count, const double* __restrict a, const double* __restrict b,
                                 double* __restrict tau) noexcept {
        for (int i = 0; i < count; ++i) tau[i] = newton_step<n, j>(a[i], b[i], tau[i]);
    }

    template <int n, bool conserved>
    PHENO_HOT static void add(const Reaction<double>& c, const EnergyShare<double>& e, const Recoil<double>& h,
                              const TensorCouplings<double>& couplings, const NodeBuffer& nodes,
                              const double* __restrict a, const double* __restrict b, const double* __restrict tau,
                              double* __restrict out) noexcept {
        const Reaction<double> reaction = c;
        const EnergyShare<double> share = e;
        const Recoil<double> recoil = h;
        const TensorCouplings<double> strength = couplings;
        const int count = nodes.n;
        for (int i = 0; i < count; ++i) {
            const Decay<double> decay = make_decay(reaction, share, recoil, nodes.z[i]);
            const AzimuthNode node = azimuth_node<n>(a[i], b[i], tau[i]);
            const Point<double> v = make_point(reaction, share, recoil, decay, node.one_minus_cos);
            out[i] += nodes.weight[i] * node.weight / decay.Q *
                      detail::tensor_squared<conserved>(v, reaction.m, reaction.m_X, strength);
        }
    }
};

}  // namespace pheno
