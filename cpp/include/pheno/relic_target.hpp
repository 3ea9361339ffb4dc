/// The couplings at which the relic density is what is wanted: all of them in a range, resonances included.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <vector>

#include "pheno/relic.hpp"

namespace pheno {

/// One relic density after another of one mass point.  Temperatures above m are looked at only if they have to be.
class RelicPointSolver {
public:
    RelicPointSolver(const DarkProcess& process, const Cosmology& cosmology, double rtol)
        : process_(process),
          cosmology_(cosmology),
          rtol_(rtol),
          usual_(std::make_unique<RelicSolver>(process, cosmology, rtol)) {}

    [[nodiscard]] RelicResult solve(const DarkCouplings& c, double rtol, bool thorough,
                                    std::vector<RelicPoint>* history = nullptr) {
        used_ = usual_.get();
        RelicResult out = usual_->solve(c, rtol, thorough, history);
        if (out.status != RelicStatus::not_thermal) return out;
        if (!hot_) hot_ = std::make_unique<RelicSolver>(process_, cosmology_, rtol_, RelicSolver::first_x);
        used_ = hot_.get();
        return hot_->solve(c, rtol, thorough, history);
    }

    /// As ThermalAverage::rising_up_to.
    [[nodiscard]] double rising_up_to(double g_dark) const noexcept { return usual_->average().rising_up_to(g_dark); }

    /// The solver of the last solution.
    [[nodiscard]] const RelicSolver& used() const noexcept { return *used_; }

private:
    DarkProcess process_;
    Cosmology cosmology_;
    double rtol_;
    std::unique_ptr<RelicSolver> usual_, hot_;
    RelicSolver* used_ = nullptr;
};

/// Couplings on a line: g with a fixed dark coupling, or with g_dark = tie g.
struct CouplingLine {
    double lowest = 0, highest = 0;
    double g_dark = 0, tie = 0;

    [[nodiscard]] DarkCouplings at(double log_g) const noexcept {
        const double g = std::exp(log_g);
        return {g, tie > 0 ? tie * g : g_dark};
    }
};

struct RelicTargets {
    static constexpr std::size_t most = 4;
    std::array<double, most> coupling{};
    std::array<RelicResult, most> result{};
    std::size_t count = 0;
    bool failed = false;     ///< a solution did not converge
    double least_Y = 0;      ///< smallest yield on the line, and where: what can be said if there is no solution
    double least_at = 0;
    /// At the ends of the line, if there is no solution.
    RelicStatus status_low = RelicStatus::closed, status_high = RelicStatus::closed;
};

namespace detail {

class TargetSearch {
public:
    TargetSearch(const DarkProcess& process, const Cosmology& cosmology, const CouplingLine& line, double Y,
                 double rtol)
        : solver_(process, cosmology, rtol), line_(line), log_Y_(std::log(Y)), rtol_(rtol) {}

    [[nodiscard]] RelicTargets run() {
        const double a = std::log(line_.lowest), b = std::log(line_.highest);
        const int n = std::max(8, static_cast<int>(std::ceil((b - a) / std::log(10.0) * per_decade)));
        grid_ = {a, (b - a) / n};
        out_.least_Y = 1e300;
        const double rising = line_.tie > 0 ? b : std::log(solver_.rising_up_to(line_.g_dark));
        const int steps = static_cast<int>(std::clamp((rising - a) / grid_.step, 0.0, static_cast<double>(n)));
        std::vector<Sample> scan{where_it_rises(steps)};
        for (int i = steps + 1; i <= n; ++i) scan.push_back(sample(grid_.at(i), coarse));
        for (std::size_t i = 1; i < scan.size(); ++i) {
            if (i + 1 < scan.size() && scan[i].f > 0 && scan[i].f <= scan[i - 1].f && scan[i].f < scan[i + 1].f &&
                scan[i].f < 2) {
                dip(scan[i - 1], scan[i], scan[i + 1]);
            }
            between(scan[i - 1], scan[i]);
        }
        if (out_.count == 0) {
            out_.status_high = scan.back().status;
            out_.status_low = sample(a, coarse).status;
        }
        return out_;
    }

private:
    struct Sample {
        double at = 0, f = 0;  ///< ln g, ln(Y/wanted)
        RelicStatus status = RelicStatus::closed;
    };
    struct Grid {
        double first = 0, step = 0;
        [[nodiscard]] double at(int i) const noexcept { return first + step * i; }
    };
    static constexpr double per_decade = 3;
    static constexpr double coarse = 0.03;
    static constexpr double large = 50;  ///< stands for a density that never froze out: too much

    [[nodiscard]] Sample sample(double at, double rtol) {
        const RelicResult r = solver_.solve(line_.at(at), rtol, false);
        if (r.status == RelicStatus::not_thermal || r.status == RelicStatus::closed) return {at, large, r.status};
        if (!(r.Y > 0)) {
            out_.failed = true;
            return {at, large, r.status};
        }
        if (r.Y < out_.least_Y) out_.least_Y = r.Y, out_.least_at = std::exp(at);
        return {at, std::log(r.Y) - log_Y_, r.status};
    }

    /// The density falls from the first point of the grid to this one: at most one solution, found without a scan.
    /// Returns the last point.
    [[nodiscard]] Sample where_it_rises(int last) {
        const Sample end = sample(grid_.at(last), coarse);
        if (end.f > 0) return end;
        Sample high = end, low;
        int under = -1, over = last;  // nothing is known of the first point until all others are below
        while (over - under > 1) {
            const int middle = under + (over - under) / 2;
            const Sample next = sample(grid_.at(middle), coarse);
            (next.f > 0 ? under : over) = middle;
            (next.f > 0 ? low : high) = next;
        }
        if (under >= 0) between(low, high);
        return end;
    }

    /// A minimum between the points of the scan may reach below what is wanted: two solutions.
    void dip(const Sample& left, const Sample& middle, const Sample& right) {
        constexpr double golden = 0.381966011250105;
        double a = left.at, b = right.at;
        Sample best = middle;
        for (int i = 0; i < 25 && best.f > 0; ++i) {
            const bool to_right = b - best.at > best.at - a;
            const Sample next = sample(best.at + golden * (to_right ? b - best.at : a - best.at), coarse);
            if (next.f < best.f) {
                (to_right ? a : b) = best.at;
                best = next;
            } else {
                (to_right ? b : a) = next.at;
            }
        }
        if (best.f <= 0) {
            between(best.at < middle.at ? left : middle, best);
            between(best, best.at < middle.at ? middle : right);
        }
    }

    /// Root between two points of different sign: regula falsi after Illinois, with bisections where it is slow.
    void between(Sample low, Sample high) {
        if ((low.f > 0) == (high.f > 0) || out_.count == RelicTargets::most) return;
        const double wanted = 0.1 * rtol_;
        int side = 0;
        double f_low = low.f, f_high = high.f;
        for (int i = 0; i < 80; ++i) {
            const double width = high.at - low.at;
            double at = low.at + width * f_low / (f_low - f_high);
            if (std::max(f_low, -f_low) >= large || std::max(f_high, -f_high) >= large || i % 8 == 7) {
                at = 0.5 * (low.at + high.at);
            }
            const Sample next = sample(at, i < 2 ? coarse : 0.3 * rtol_);
            const bool below = (next.f > 0) == (low.f > 0);
            if ((std::abs(next.f) < wanted && i >= 2) || width < 1e-13) {
                if (std::abs(next.f) < large) accept(at);
                return;
            }
            if (below) {
                low = next, f_low = next.f;
                if (side == 1) f_high *= 0.5;
                side = 1;
            } else {
                high = next, f_high = next.f;
                if (side == 2) f_low *= 0.5;
                side = 2;
            }
        }
        out_.failed = true;
    }

    void accept(double at) {
        const RelicResult r = solver_.solve(line_.at(at), 0.5 * rtol_, true);
        if (r.status != RelicStatus::converged) out_.failed = true;
        out_.coupling[out_.count] = std::exp(at);
        out_.result[out_.count++] = r;
    }

    RelicPointSolver solver_;
    CouplingLine line_;
    Grid grid_;
    double log_Y_, rtol_;
    RelicTargets out_;
};

}  // namespace detail

/// All couplings on the line with Y(infinity) = Y, to the relative accuracy rtol of Y.
[[nodiscard]] inline RelicTargets relic_targets(const DarkProcess& process, const Cosmology& cosmology,
                                                const CouplingLine& line, double Y, double rtol) {
    return detail::TargetSearch(process, cosmology, line, Y, rtol).run();
}

}  // namespace pheno
