/// Thermal average of annihilation [Gondolo & Gelmini, Nucl. Phys. B 360 (1991) 145; Edsjo & Gondolo, hep-ph/9704361].
///
///   <sigma v> = sum gamma / n_eq^2,   sum gamma = T/pi^3 int ds s^{3/2} K1(sqrt(s)/T) k(sqrt(s)),
///   n_eq = T/(2 pi^2) sum_i g_i m_i^2 K2(m_i/T),
///
/// with k of annihilation.hpp; n counts particles and antiparticles of all species.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <complex>
#include <cstddef>
#include <limits>
#include <vector>

#include "pheno/annihilation.hpp"
#include "pheno/bessel_k.hpp"
#include "pheno/hot.hpp"
#include "pheno/thermal_nodes.hpp"

namespace pheno {

/// A mediator between dark matter and the Standard Model, less the couplings.
struct DarkProcess {
    Mediator mediator = Mediator::vector;
    double mediator_mass = 0;
    DarkMatter dark;
    const std::vector<Channel>* channels = nullptr;
    bool running_width = true;  ///< N = W Gamma(W); otherwise M Gamma(M)
    bool secluded = true;       ///< chi chi -> X X where it is open
};

/// g to the Standard Model (or c/Lambda) and to dark matter.
struct DarkCouplings {
    double g = 0, g_dark = 0;
};

namespace detail {

/// row_i = e^{x_i} K1(x_i) e^{-u_i/T}, x_i = W_i/T >= 2, in blocks that a compiler can vectorise; relative error 1e-11.
PHENO_HOT inline void boltzmann_row(const double* u, const double* energy, double* row, std::size_t n,
                                    double inverse_T) noexcept {
    constexpr std::size_t block = 8;
    constexpr int terms = 16;
    const double* c = generated::bessel_k1;
    for (std::size_t i = 0; i < n; i += block) {
        double t[block], b1[block] = {}, b2[block] = {};
        for (std::size_t j = 0; j < block; ++j) t[j] = 4 / (energy[i + j] * inverse_T) - 1;
        for (int k = terms - 1; k > 0; --k) {
            for (std::size_t j = 0; j < block; ++j) {
                const double b = 2 * t[j] * b1[j] - b2[j] + c[k];
                b2[j] = b1[j];
                b1[j] = b;
            }
        }
        for (std::size_t j = 0; j < block; ++j) {
            const double k1 = (t[j] * b1[j] - b2[j] + c[0]) / std::sqrt(energy[i + j] * inverse_T);
            row[i + j] = k1 * exp_same(-u[i + j] * inverse_T);
        }
    }
}

PHENO_HOT inline double dot_product(const double* a, const double* b, std::size_t n) noexcept {
    double sum[8] = {};
    for (std::size_t i = 0; i < n; i += 8) {
        for (std::size_t j = 0; j < 8; ++j) sum[j] += a[i + j] * b[i + j];
    }
    return ((sum[0] + sum[1]) + (sum[2] + sum[3])) + ((sum[4] + sum[5]) + (sum[6] + sum[7]));
}

}  // namespace detail

/// <sigma v>(T) of one mass point, for any couplings.
class ThermalAverage {
public:
    /// Energies above W_0 + 50 T are left out: e^-50.  Not the pole, whose height is M/Gamma, nor two mediators, whose
    /// share is g_dark^2/g^2, if they are within 100 T.
    static constexpr double furthest = 50.0, furthest_special = 100.0;

    /// @param highest_T, lowest_T  temperatures that will be asked for
    ThermalAverage(const DarkProcess& process, double highest_T, double lowest_T, PanelSize size) : process_(process) {
        const double M = process.mediator_mass;
        std::vector<double> thresholds, knots;
        double dark = std::numeric_limits<double>::infinity(), open = dark;
        for (const DarkPair& pair : dark_pairs(process.mediator, process.dark)) {
            if (pair.factor <= 0) continue;
            dark = std::min(dark, pair.m1 + pair.m2);
            thresholds.push_back(pair.m1 + pair.m2);
        }
        for (const Channel& channel : *process.channels) {
            open = std::min(open, channel.threshold);
            thresholds.push_back(channel.threshold);
            if (channel.measured) knots.insert(knots.end(), channel.ratio.at.begin(), channel.ratio.at.end());
        }
        start_ = std::max(dark, open);
        if (process.secluded) {
            for (const double W : {2 * M, 2 * process.dark.m1, 2 * process.dark.m2}) thresholds.push_back(W);
            // two mediators may open first: forbidden annihilation, or states that the exchange does not join
            const bool there = secluded_kernel(process.mediator, process.dark, M, 4 * (M + process.dark.m2)) > 0;
            if (there) start_ = std::min(start_, 2 * std::max(M, process.dark.m1));
        }
        // a pole close to threshold, on either side, sets a scale of its own
        const double scale = std::min(lowest_T, std::max(std::abs(M - start_), 1e-10 * start_));
        nodes_ = ThermalNodes(start_, M, thresholds, knots, 1e-5 * scale, reach(highest_T), size);
        sample();
        pad();
    }

    /// Lowest energy at which anything annihilates.
    [[nodiscard]] double start() const noexcept { return start_; }

    /// Width of the mediator on its pole; 0 if nothing is open.
    [[nodiscard]] double width(const DarkCouplings& c) const noexcept {
        return c.g * c.g * visible_pole_ + c.g_dark * c.g_dark * dark_pole_;
    }

    /// Up to this g, at a fixed dark coupling, <sigma v> rises with g at every temperature.
    ///
    /// At each energy g^2/[off^2 + (a g^2 + b)^2] has its maximum where a g^2 is the distance to the pole; so has the
    /// contact term of the axial vector, where the visible width is M.
    [[nodiscard]] double rising_up_to(double g_dark) const noexcept {
        const double d2 = g_dark * g_dark, M = process_.mediator_mass;
        double least = visible_pole_ > 0 ? M / visible_pole_ : std::numeric_limits<double>::infinity();
        for (std::size_t i = 0; i < nodes_.size(); ++i) {
            const double W = process_.running_width ? nodes_.energy[i] : M;
            const double visible = process_.running_width ? visible_[i] : visible_pole_;
            const double dark = process_.running_width ? dark_[i] : dark_pole_;
            if (visible > 0) least = std::min(least, std::hypot(nodes_.off_shell(i), W * d2 * dark) / (W * visible));
        }
        return std::sqrt(least);
    }

    /// Prepare for these couplings.
    void couple(const DarkCouplings& c) {
        const double g2 = c.g * c.g, d2 = c.g_dark * c.g_dark, M = process_.mediator_mass;
        const double N_pole = M * width(c);
        contact_strength_ = contact_strength(c);
        std::array<double, 5> N_near{N_pole, N_pole, N_pole, N_pole, N_pole};
        if (process_.running_width) {
            for (std::size_t k = 0; k < 5; ++k) N_near[k] = g2 * visible_near_[k] + d2 * dark_near_[k];
        }
        const std::complex<double> pole = nodes_.pole_position(N_near, near_step);
        for (const ThermalNodes::Panel& panel : nodes_.panels()) {
            std::complex<double> z;
            std::array<double, 64> correction;
            const bool near = nodes_.near_pole(panel, pole, z);
            if (near) pole_weights(*panel.rule, z, correction.data());
            for (std::size_t j = 0; j < static_cast<std::size_t>(panel.rule->n); ++j) {
                const std::size_t i = panel.first + j;
                const double W = nodes_.energy[i], off = nodes_.off_shell(i);
                const double N = process_.running_width ? W * (g2 * visible_[i] + d2 * dark_[i]) : N_pole;
                const double t = 2 * panel.rule->node[j] - 1;
                const double propagator = (near ? correction[j] * std::norm(t - z) : 1.0) / (off * off + N * N);
                const double k =
                    g2 * d2 * (resonant_[i] * propagator + contact_strength_ * contact_[i]) + d2 * d2 * secluded_[i];
                weight_[i] = measure_[i] * k;
            }
        }
    }

    /// e^{W/T} K1(W/T) e^{-u/T} at the nodes that count at T: what a thermal average needs of the temperature.
    [[nodiscard]] std::vector<double> row(double T) const {
        const auto& u = nodes_.u;
        const auto last = std::upper_bound(u.begin(), u.end(), reach(T));
        const auto block = static_cast<std::size_t>(last - u.begin()) + 7;
        std::vector<double> out(std::min(block - block % 8, u.size()));
        if (nodes_.energy.front() >= 2 * T) {
            detail::boltzmann_row(u.data(), nodes_.energy.data(), out.data(), out.size(), 1 / T);
        } else {  // K1 below 2 has another series: only at temperatures above half the lowest energy
            for (std::size_t i = 0; i < out.size(); ++i) {
                out[i] = bessel_k1_scaled(nodes_.energy[i] / T) * std::exp(-u[i] / T);
            }
        }
        return out;
    }

    /// ln <sigma v> + exponent/T [GeV^-2]; -infinity if nothing is open.
    [[nodiscard]] double log_smooth(double T, const std::vector<double>& row) const noexcept {
        constexpr double pi = 3.141592653589793238462643383279503;
        const double n = equilibrium(T);
        return std::log(T / (pi * pi * pi) * detail::dot_product(row.data(), weight_.data(), row.size()) / n / n);
    }
    /// <sigma v> is suppressed by e^{-exponent/T} if nothing is open at threshold.
    [[nodiscard]] double exponent() const noexcept { return start_ - 2 * process_.dark.m1; }

    /// ln <sigma v> [GeV^-2]; -infinity if nothing is open.
    [[nodiscard]] double log_average(double T) const { return log_smooth(T, row(T)) - exponent() / T; }

    /// n_eq e^{m1/T} [GeV^3].
    [[nodiscard]] double equilibrium(double T) const noexcept {
        constexpr double pi = 3.141592653589793238462643383279503;
        double total = 0;
        const double m1 = process_.dark.m1;
        for (const DarkSpecies& s : process_.dark.species()) {
            if (s.dof <= 0) continue;
            total += s.dof * s.mass * s.mass * bessel_k_scaled(s.mass / T).k2 * std::exp(-(s.mass - m1) / T);
        }
        return T / (2 * pi * pi) * total;
    }

    /// k(W) at any energy, straight from its definition.
    [[nodiscard]] double kernel(const DarkCouplings& c, double W) const noexcept {
        const double g2 = c.g * c.g, d2 = c.g_dark * c.g_dark, M = process_.mediator_mass;
        const double visible = visible_width(W), dark = dark_width(process_.mediator, process_.dark, W);
        const double N = process_.running_width ? W * (g2 * visible + d2 * dark) : M * width(c);
        const double off = (W - M) * (W + M);
        double divergence = 0;
        for (const Channel& channel : *process_.channels) divergence += channel.divergence(W);
        divergence *= contact_strength(c) * dark_divergence(process_.mediator, process_.dark, W) / (W * W * W * W);
        divergence /= M * M * M * M;
        double k = g2 * d2 * (spin_states(process_.mediator) * visible * dark / (off * off + N * N) + divergence);
        if (process_.secluded) k += d2 * d2 * secluded_kernel(process_.mediator, process_.dark, M, W);
        return k;
    }

    /// Shares of each channel, and of two mediators, in <sigma v> at one temperature; for the couplings of couple().
    void shares(const DarkCouplings& c, double T, double* share) const {
        const double g2 = c.g * c.g, d2 = c.g_dark * c.g_dark;
        const std::vector<double> at = row(T);
        const auto sum = [&at](const std::vector<double>& weight) {
            return detail::dot_product(at.data(), weight.data(), at.size());
        };
        const double total = sum(weight_);
        std::vector<double> part(weight_.size(), 0.0);
        for (std::size_t f = 0; f < process_.channels->size(); ++f) {
            const Channel& channel = (*process_.channels)[f];
            for (std::size_t i = 0; i < nodes_.size(); ++i) {
                const double W = nodes_.energy[i], visible = visible_[i], width = channel.width(process_.mediator, W);
                const double all = contact_strength_ * contact_[i];
                const double contact = all > 0 ? all * channel.divergence(W) / divergence_[i] : 0;
                const double secluded = d2 * d2 * secluded_[i] * measure_[i];
                const double pole = weight_[i] - secluded - measure_[i] * g2 * d2 * all;
                part[i] = (visible > 0 ? pole * width / visible : 0) + measure_[i] * g2 * d2 * contact;
            }
            share[f] = total > 0 ? sum(part) / total : 0;
        }
        for (std::size_t i = 0; i < nodes_.size(); ++i) part[i] = d2 * d2 * secluded_[i] * measure_[i];
        share[process_.channels->size()] = total > 0 ? sum(part) / total : 0;
    }

    [[nodiscard]] std::size_t size() const noexcept { return nodes_.size(); }

private:
    /// Distance from threshold of the highest energy that counts at T; the panels about the pole end at 1.65 of it.
    [[nodiscard]] double reach(double T) const noexcept {
        const double pole = process_.mediator_mass - start_, two = process_.mediator_mass + pole;
        double out = furthest * T;
        if (pole < furthest_special * T) out = std::max(out, 1.65 * pole);
        if (process_.secluded && two < furthest_special * T) out = std::max(out, two + 30 * T);
        return out;
    }

    /// |M^2/(M^2 - i M Gamma)|^2
    [[nodiscard]] double contact_strength(const DarkCouplings& c) const noexcept {
        const double relative = width(c) / process_.mediator_mass;
        return 1 / (1 + relative * relative);
    }

    /// What does not depend on the couplings.
    void sample() {
        const Mediator mediator = process_.mediator;
        const DarkMatter& dark = process_.dark;
        const double M = process_.mediator_mass, J = spin_states(mediator);
        const std::size_t n = nodes_.size();
        for (auto* array : {&visible_, &dark_, &resonant_, &contact_, &divergence_, &secluded_, &measure_}) {
            array->assign(n, 0.0);
        }
        for (std::size_t i = 0; i < n; ++i) {
            const double W = nodes_.energy[i];
            visible_[i] = visible_width(W);
            dark_[i] = dark_width(mediator, dark, W);
            resonant_[i] = J * dark_[i] * visible_[i];
            const double divergence = dark_divergence(mediator, dark, W);
            if (divergence > 0) {
                for (const Channel& channel : *process_.channels) divergence_[i] += channel.divergence(W);
                contact_[i] = divergence * divergence_[i] / (W * W * W * W * M * M * M * M);
            }
            if (process_.secluded) secluded_[i] = secluded_kernel(mediator, dark, M, W);
            measure_[i] = nodes_.weight[i] * 2 * W * W * W * W;
        }
        visible_pole_ = visible_width(M);
        dark_pole_ = dark_width(mediator, dark, M);
        for (std::size_t k = 0; k < 5; ++k) {
            const double step = (static_cast<double>(k) - 2) * near_step;
            const double W = M > start_ ? M + (M - start_) * std::expm1(step) : M;
            visible_near_[k] = W * visible_width(W);
            dark_near_[k] = W * dark_width(mediator, dark, W);
        }
    }

    [[nodiscard]] double visible_width(double W) const noexcept {
        double sum = 0;
        for (const Channel& channel : *process_.channels) sum += channel.width(process_.mediator, W);
        return sum;
    }

    /// Fill up to whole blocks with nodes of no weight.
    void pad() {
        while (nodes_.u.size() % 8 != 0) {
            nodes_.u.push_back(nodes_.u.back());
            nodes_.energy.push_back(nodes_.energy.back());
        }
        weight_.assign(nodes_.u.size(), 0.0);
    }

    DarkProcess process_;
    double start_ = 0, contact_strength_ = 1;
    ThermalNodes nodes_;
    std::vector<double> visible_, dark_, resonant_, contact_, divergence_, secluded_, measure_, weight_;
    double visible_pole_ = 0, dark_pole_ = 0;
    static constexpr double near_step = 0.03;           ///< in y
    std::array<double, 5> visible_near_{}, dark_near_{};  ///< W Gamma(W) around the pole
};

}  // namespace pheno
