/// Averages over an azimuth by the four-node rule of azimuth.hpp, for a buffer of nodes at a time.
#pragma once

#include <cmath>

#include "pheno/amplitudes.hpp"
#include "pheno/azimuth.hpp"
#include "pheno/hot.hpp"

namespace pheno {

namespace detail {

/// L at a point, as the loops want it: nothing to decide at run time.
template <Mediator mediator>
struct SpinZeroOneSquared {
    double m, m_X;
    [[nodiscard]] double operator()(const Point<double>& v) const noexcept {
        return squared_amplitude<mediator>(v, m, m_X);
    }
};

template <bool conserved>
struct TensorSquared {
    double m, m_X;
    TensorCouplings<double> couplings;
    [[nodiscard]] double operator()(const Point<double>& v) const noexcept {
        return tensor_squared<conserved>(v, m, m_X, couplings);
    }
};

}  // namespace detail

/// @tparam Nodes  `n` and `capacity`, `weight(i)`, `phase(i)` and `point(i, 1 - cos phi)`; copied into the loops
template <class Nodes>
class AzimuthAverage {
public:
    static constexpr int evaluations = 4;

    /// weight * <L> at every node.
    static void run(const TensorAmplitude& amplitude, const Reaction<double>& c, const Nodes& nodes,
                    double* __restrict out) noexcept {
        if (amplitude.conserved()) {
            all_nodes(detail::TensorSquared<true>{c.m, c.m_X, amplitude.couplings}, nodes, out);
        } else {
            all_nodes(detail::TensorSquared<false>{c.m, c.m_X, amplitude.couplings}, nodes, out);
        }
    }

    template <Mediator mediator>
    static void run(const SpinZeroOneAmplitude<mediator>&, const Reaction<double>& c, const Nodes& nodes,
                    double* __restrict out) noexcept {
        all_nodes(detail::SpinZeroOneSquared<mediator>{c.m, c.m_X}, nodes, out);
    }

private:
    using Row = double[Nodes::capacity];

    template <class Squared>
    static void all_nodes(const Squared& squared, const Nodes& nodes, double* out) noexcept {
        alignas(64) Row a, b, d;
        phases(nodes, a, b, d);
        for (int i = 0; i < nodes.n; ++i) out[i] = 0.0;
        each_node<0>(squared, nodes, a, b, d, out);
    }

    template <int j, class Squared>
    static void each_node(const Squared& squared, const Nodes& nodes, const double* a, const double* b, const double* d,
                          double* out) noexcept {
        alignas(64) Row tau, last;
        const double largest = search<j>(nodes.n, a, b, d, tau, last);
        if (!(largest < converged)) bracketed<j>(nodes.n, a, b, d, tau, last);
        add(squared, nodes, a, b, d, tau, out);
        if constexpr (j + 1 < evaluations) each_node<j + 1>(squared, nodes, a, b, d, out);
    }

    PHENO_HOT static void phases(const Nodes& given, double* __restrict a, double* __restrict b,
                                 double* __restrict d) noexcept {
        const Nodes nodes = given;
        const int count = nodes.n;
        for (int i = 0; i < count; ++i) {
            const AzimuthPhase p = nodes.phase(i);
            a[i] = p.a;
            b[i] = p.b;
            d[i] = p.d;
        }
    }

    /// Below this the step after the last, smaller by its square, is rounding.
    static constexpr double converged = 1e-7;

    /// tau at node j with the last step of each, and the largest of these.
    template <int j>
    PHENO_HOT static double search(int count, const double* __restrict a, const double* __restrict b,
                                   const double* __restrict d, double* __restrict tau,
                                   double* __restrict last) noexcept {
        for (int i = 0; i < count; ++i) tau[i] = azimuth_tau<j>({a[i], b[i], d[i]}, last[i]);
        double largest = 0.0;
        for (int i = 0; i < count; ++i) largest = last[i] < largest ? largest : last[i];
        return largest;
    }

    /// The same for those whose last step was too large.
    template <int j>
    static void bracketed(int count, const double* a, const double* b, const double* d, double* tau,
                          const double* last) noexcept {
        for (int i = 0; i < count; ++i) {
            if (!(last[i] < converged)) tau[i] = azimuth_tau_bracketed<j>({a[i], b[i], d[i]});
        }
    }

    template <class Squared>
    PHENO_HOT static void add(const Squared& given_squared, const Nodes& given, const double* __restrict a,
                              const double* __restrict b, const double* __restrict d, const double* __restrict tau,
                              double* __restrict out) noexcept {
        const Nodes nodes = given;
        const Squared squared = given_squared;
        const int count = nodes.n;
        for (int i = 0; i < count; ++i) {
            const AzimuthNode node = azimuth_node({a[i], b[i], d[i]}, tau[i]);
            const Point<double> v = nodes.point(i, node.one_minus_cos);
            out[i] += nodes.weight(i) * node.weight * squared(v);
        }
    }
};

}  // namespace pheno
