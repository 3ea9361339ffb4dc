/// Average of the tensor amplitude over the azimuth about Q, for a buffer of nodes at a time.
#pragma once

#include <cmath>

#include "pheno/amplitudes.hpp"
#include "pheno/azimuth.hpp"
#include "pheno/hot.hpp"

namespace pheno {

/// U and t1 against the azimuth: U = U_min + swing (1 - cos phi), t1 = t1_at_pi + swing (1 + cos phi).
struct AzimuthPoles {
    double U_min, t1_at_pi, swing;
};

/// @tparam Nodes  `n` and `capacity`, `weight(i)`, `poles(i)` and `point(i, 1 - cos phi)`; copied into the loops
template <class Nodes>
class TensorAverage {
public:
    /// weight * <L> at every node.
    static void run(const TensorAmplitude& amplitude, const Reaction<double>& c, const Nodes& nodes, bool fine,
                    double* __restrict out) noexcept {
        if (amplitude.conserved()) {
            fine ? loop<6, true>(amplitude, c, nodes, out) : loop<4, true>(amplitude, c, nodes, out);
        } else {
            fine ? loop<6, false>(amplitude, c, nodes, out) : loop<4, false>(amplitude, c, nodes, out);
        }
    }

private:
    using Row = double[Nodes::capacity];

    template <int n, bool conserved>
    static void loop(const TensorAmplitude& amplitude, const Reaction<double>& c, const Nodes& nodes,
                     double* out) noexcept {
        alignas(64) Row a, b;
        poles(nodes, a, b);
        for (int i = 0; i < nodes.n; ++i) out[i] = 0.0;
        each_node<n, 0, conserved>(amplitude, c, nodes, a, b, out);
    }

    template <int n, int j, bool conserved>
    static void each_node(const TensorAmplitude& amplitude, const Reaction<double>& c, const Nodes& nodes,
                          const double* a, const double* b, double* out) noexcept {
        alignas(64) Row tau;
        start<n, j>(nodes.n, a, b, tau);
        for (int step = 0; step < 6; ++step) newton<n, j>(nodes.n, a, b, tau);
        add<n, conserved>(amplitude.couplings, c, nodes, a, b, tau, out);
        if constexpr (j + 1 < n) each_node<n, j + 1, conserved>(amplitude, c, nodes, a, b, out);
    }

    PHENO_HOT static void poles(const Nodes& given, double* __restrict a, double* __restrict b) noexcept {
        const Nodes nodes = given;
        const int count = nodes.n;
        for (int i = 0; i < count; ++i) {
            const AzimuthPoles p = nodes.poles(i);
            a[i] = std::sqrt(1 + 2 * p.swing / p.U_min);
            b[i] = std::sqrt(p.t1_at_pi / (p.t1_at_pi + 2 * p.swing));
        }
    }

    template <int n, int j>
    PHENO_HOT static void start(int count, const double* __restrict a, const double* __restrict b,
                                double* __restrict tau) noexcept {
        for (int i = 0; i < count; ++i) tau[i] = detail::first_guess<n, j>(a[i], b[i]);
    }

    template <int n, int j>
    PHENO_HOT static void newton(int count, const double* __restrict a, const double* __restrict b,
                                 double* __restrict tau) noexcept {
        for (int i = 0; i < count; ++i) tau[i] = newton_step<n, j>(a[i], b[i], tau[i]);
    }

    template <int n, bool conserved>
    PHENO_HOT static void add(const TensorCouplings<double>& couplings, const Reaction<double>& c, const Nodes& given,
                              const double* __restrict a, const double* __restrict b, const double* __restrict tau,
                              double* __restrict out) noexcept {
        const Nodes nodes = given;
        const TensorCouplings<double> strength = couplings;
        const double m = c.m, m_X = c.m_X;
        const int count = nodes.n;
        for (int i = 0; i < count; ++i) {
            const AzimuthNode node = azimuth_node<n>(a[i], b[i], tau[i]);
            const Point<double> v = nodes.point(i, node.one_minus_cos);
            out[i] += nodes.weight(i) * node.weight * detail::tensor_squared<conserved>(v, m, m_X, strength);
        }
    }
};

}  // namespace pheno
