/// Relic density of one mass point, and the couplings that give a wanted one.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "pheno/boltzmann.hpp"
#include "pheno/degrees_of_freedom.hpp"
#include "pheno/thermal_table.hpp"

namespace pheno {

enum class RelicStatus : std::uint8_t {
    converged,
    not_converged,  ///< the requested accuracy was not reached
    not_thermal,    ///< annihilation was never much faster than the expansion: no freeze-out from equilibrium
    closed          ///< dark matter annihilates to nothing
};

/// What does not change from point to point.
struct Cosmology {
    DegreesOfFreedom plasma;
    double planck_mass = 0;
    double temperature_today = 0;  ///< of the photons [GeV]
};

struct RelicResult {
    double Y = 0;        ///< at x -> infinity, of particles and antiparticles of all species
    double error = 0;    ///< relative
    double x_freeze = 0;
    double cross_section = 0;  ///< <sigma v> at x_freeze [GeV^-2]
    double late_cross_section = 0;  ///< <sigma v> at T = 1 eV or at the last temperature [GeV^-2]
    double width = 0;    ///< of the mediator [GeV]
    double fastest = 0;  ///< largest annihilation rate over the expansion rate that was found
    int evaluations = 0; ///< of <sigma v>
    RelicStatus status = RelicStatus::closed;
};

class RelicSolver {
public:
    static constexpr double first_x = 0.02;  ///< no freeze-out is looked for above T = 50 m
    static constexpr double usual_x = 3.0;   ///< where it is looked for first: fewer energies count
    static constexpr double last_x = 1e10;

    RelicSolver(const DarkProcess& process, const Cosmology& cosmology, double rtol, double x_first = usual_x)
        : process_(process),
          cosmology_(cosmology),
          rtol_(rtol),
          m_(process.dark.m1),
          x_first_(x_first),
          hottest_(m_ / x_first),
          coldest_(std::max(m_ / last_x, cosmology.temperature_today)),
          average_(process, hottest_, coldest_, panel_size(0.1 * rtol)),
          table_(average_, m_, table_share * rtol) {}
    RelicSolver(const RelicSolver&) = delete;  // the table points to the average
    RelicSolver& operator=(const RelicSolver&) = delete;

    [[nodiscard]] bool open() const noexcept { return std::isfinite(average_.start()); }

    /// Solve for these couplings; `thorough` adds the error of the thermal average, from finer nodes.
    [[nodiscard]] RelicResult solve(const DarkCouplings& couplings, double rtol, bool thorough,
                                    std::vector<RelicPoint>* history = nullptr) {
        RelicResult out;
        if (!open() || !(couplings.g_dark != 0)) return out;
        couplings_ = couplings;
        average_.couple(couplings);
        table_.renew();
        out.width = average_.width(couplings);
        double t = 0, W = 0;
        out.status = RelicStatus::not_thermal;
        if (!follow_equilibrium(*this, std::log(x_first_), t, W, out.fastest)) return out;
        const double last = std::log(m_ / coldest_);
        const double above = process_.mediator_mass - average_.start();
        RelicRange range;
        range.t_first = t;
        range.t_last = last;
        range.t_settled = std::min(above > 0 ? std::log(20 * m_ / above) : 0.0, last);
        if (history) range.longest = 0.1;
        out.status = RelicStatus::not_converged;
        Freezeout found;
        double share = 0.01;
        for (int attempt = 0; attempt < 4; ++attempt, share *= 0.15) {
            range.tolerance = share * rtol;
            if (history) history->clear();
            found = freeze_out(*this, range, W, history);
            if (found.converged && found.error < 0.6 * rtol) break;
        }
        if (!found.converged) return out;
        out.Y = found.Y;
        out.error = found.error + table_share * rtol_;
        out.x_freeze = std::exp(found.t_freeze);
        out.cross_section = std::exp(average_.log_average(m_ / out.x_freeze));
        out.late_cross_section = std::exp(average_.log_average(std::max(coldest_, std::min(1e-9, 1e-3 * m_))));
        if (thorough) out.error += thermal_error(out.x_freeze, out.Y, rtol);
        out.evaluations = table_.temperatures();
        if (out.error <= rtol) out.status = RelicStatus::converged;
        return out;
    }

    /// Coefficients of the Boltzmann equation at t = ln x.
    [[nodiscard]] RelicRate operator()(double t) {
        const double T = m_ * std::exp(-t);
        const Plasma plasma = cosmology_.plasma(std::log(T));
        RelicRate rate;
        rate.W_eq = log_equilibrium(T, plasma);
        rate.log_lambda = log_factor(T, plasma) + table_(t);
        return rate;
    }

    [[nodiscard]] const ThermalAverage& average() const noexcept { return average_; }

    /// <sigma v> [GeV^-2] at one temperature, prepared by solve() or couple().
    void couple(const DarkCouplings& couplings) { average_.couple(couplings); }

private:
    static constexpr double pi = 3.141592653589793238462643383279503;
    static constexpr double table_share = 0.05;  ///< of the tolerance

    [[nodiscard]] double log_equilibrium(double T, const Plasma& plasma) const noexcept {
        return std::log(average_.equilibrium(T) / (2 * pi * pi / 45 * plasma.h * T * T * T)) - m_ / T;
    }
    [[nodiscard]] double log_factor(double T, const Plasma& plasma) const noexcept {
        return std::log(std::sqrt(pi / 45) * cosmology_.planck_mass * T * plasma.root());
    }

    /// Relative error that <sigma v> makes in the yield, by comparison with more nodes where the yield is decided.
    [[nodiscard]] double thermal_error(double x, double Y, double rtol) {
        PanelSize finer = panel_size(0.1 * rtol);
        finer.order += 4;
        finer.width *= 0.8;
        ThermalAverage other(process_, hottest_, coldest_, finer);
        other.couple(couplings_);
        double worst = 0;
        for (const double factor : {0.8, 1.2, 2.5, 8.0}) {
            const double T = std::max(m_ / (x * factor), coldest_);
            // d ln Y = -lambda Y dt: what annihilates no more cannot err, over the three e-folds that are sampled
            const Plasma plasma = cosmology_.plasma(std::log(T));
            const double rate = std::exp(std::min(log_factor(T, plasma) + average_.log_average(T) + std::log(Y), 0.0));
            const double off = std::abs(std::expm1(average_.log_average(T) - other.log_average(T)));
            worst = std::max(worst, std::min(1.0, 3 * rate) * off);
        }
        return worst;
    }

    DarkProcess process_;
    Cosmology cosmology_;
    double rtol_ = 1e-3, m_ = 0, x_first_ = 1, hottest_ = 0, coldest_ = 0;
    DarkCouplings couplings_;
    ThermalAverage average_;
    ThermalTable table_;
};

}  // namespace pheno
