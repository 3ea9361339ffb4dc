/// ln <sigma v> as a function of t = ln(m/T): piecewise Chebyshev, made where and as fine as it is asked for.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <map>
#include <vector>

#include "pheno/thermal.hpp"

namespace pheno {

/// The temperatures and their Boltzmann factors stay when the couplings change, which makes the second solution of one
/// mass point some ten times faster than the first.
class ThermalTable {
public:
    /// @param tolerance  absolute error of ln <sigma v>
    ThermalTable(const ThermalAverage& average, double mass, double tolerance)
        : average_(&average), mass_(mass), tolerance_(tolerance) {}

    /// Forget the values: the couplings have changed.
    void renew() noexcept { ++epoch_; }

    /// ln <sigma v> [GeV^-2].
    [[nodiscard]] double operator()(double t) { return smooth(t) - average_->exponent() / mass_ * std::exp(t); }

    /// Temperatures at which the thermal average was evaluated.
    [[nodiscard]] int temperatures() const noexcept { return temperatures_; }

private:
    static constexpr int fine = 16;  ///< degree; the rule of half the degree uses every other node
    static constexpr double narrowest = 1.0 / 64;

    struct Leaf {
        double from = 0, to = 0;
        int degree = 0;  ///< 8 or 16
        std::array<std::vector<double>, fine + 1> row;
        std::array<double, fine + 1> coefficient{};
        int epoch = 0;
        bool split = false;
    };

    [[nodiscard]] double smooth(double t) {
        // the integration asks for neighbours
        if (last_ && last_->epoch == epoch_ && t >= last_->from && t < last_->to) return value(*last_, t);
        double from = std::floor(t), to = from + 1;
        for (;;) {
            Leaf& leaf = leaves_[from + 1e3 * to];  // a key for each dyadic interval
            if (leaf.epoch != epoch_ && !leaf.split) {
                leaf.from = from, leaf.to = to;
                fill(leaf);
            }
            if (!leaf.split) {
                last_ = &leaf;  // a map does not move its entries
                return value(leaf, t);
            }
            const double middle = 0.5 * (from + to);
            (t < middle ? to : from) = middle;
        }
    }

    [[nodiscard]] static double value(const Leaf& leaf, double t) noexcept {
        const double z = (2 * t - leaf.from - leaf.to) / (leaf.to - leaf.from);
        double b1 = 0, b2 = 0;
        for (int k = leaf.degree; k > 0; --k) {
            const double b = 2 * z * b1 - b2 + leaf.coefficient[static_cast<std::size_t>(k)];
            b2 = b1, b1 = b;
        }
        return z * b1 - b2 + leaf.coefficient[0];
    }

    void fill(Leaf& leaf) {
        leaf.epoch = epoch_;
        for (int degree : {fine / 2, fine}) {
            if (degree < leaf.degree) continue;
            leaf.degree = degree;
            if (transform(leaf)) return;
        }
        if (leaf.to - leaf.from > narrowest) {
            leaf.split = true;
            for (auto& row : leaf.row) row = {};
        }
    }

    /// Chebyshev coefficients from the values at the extrema; true if the last ones are small enough.
    [[nodiscard]] bool transform(Leaf& leaf) {
        constexpr double pi = 3.141592653589793238462643383279503;
        const int n = leaf.degree, stride = fine / n;
        std::array<double, fine + 1> f{};
        for (int j = 0; j <= n; ++j) {
            const auto slot = static_cast<std::size_t>(j * stride);
            const double t = 0.5 * (leaf.from + leaf.to) + 0.5 * (leaf.to - leaf.from) * std::cos(pi * j / n);
            const double T = mass_ * std::exp(-t);
            if (leaf.row[slot].empty()) {
                leaf.row[slot] = average_->row(T);
                ++temperatures_;
            }
            f[static_cast<std::size_t>(j)] = average_->log_smooth(T, leaf.row[slot]);
        }
        for (int k = 0; k <= n; ++k) {
            double sum = 0;
            for (int j = 0; j <= n; ++j) {
                const double ends = j == 0 || j == n ? 0.5 : 1.0;
                sum += ends * f[static_cast<std::size_t>(j)] * cosine[static_cast<std::size_t>((j * k * stride) % 32)];
            }
            leaf.coefficient[static_cast<std::size_t>(k)] = sum * (k == 0 || k == n ? 1.0 : 2.0) / n;
        }
        const auto tail = [&](int k) { return std::abs(leaf.coefficient[static_cast<std::size_t>(k)]); };
        // the last is half aliased: the two before it tell as well
        return std::max({tail(n), tail(n - 1), tail(n - 2)}) < tolerance_;
    }

    /// cos(pi k/16)
    inline static const std::array<double, 32> cosine = [] {
        std::array<double, 32> c{};
        for (std::size_t k = 0; k < 32; ++k) {
            c[k] = std::cos(3.141592653589793238462643383279503 * static_cast<double>(k) / 16);
        }
        return c;
    }();

    const ThermalAverage* average_;
    double mass_, tolerance_;
    int epoch_ = 1, temperatures_ = 0;
    std::map<double, Leaf> leaves_;
    const Leaf* last_ = nullptr;
};

}  // namespace pheno
