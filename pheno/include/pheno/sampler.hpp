// Sampler of pheno's sampling tables (.pht) for simulators: with pheno/table.hpp all that is needed, C++11 or newer.
//
//   #include <pheno/sampler.hpp>
//
//   const pheno::Sampler sampler("ldmx-sampling/vector");   // once: vector.icdf_x.pht, and .icdf_theta, .icdf_psi
//   const pheno::Sampler::Mass at = sampler.at_mass(0.1);   // once per run: the mediator's mass [GeV]
//   double x = at.x(energy_GeV, r1);                        // per vertex: E_X = x E
//   double theta = at.theta(energy_GeV, x, r2);             // angle of the mediator with the lepton before [rad]
//   double phi = 2 * pi * r3;                               // nothing distinguishes a direction around the beam
//
// or, so that what both share is computed once, with at.at_energy(energy_GeV) in place of at: .x(r1), .theta(x, r2);
// or at.psi(energy_GeV, x, r2), the angle of the lepton after with the lepton before. r1 and r2 are uniform random
// numbers in [0, 1]. There is no rejection loop: two random numbers and two look-ups make a vertex.
// Theta and psi are drawn for themselves: together they are not correlated as in the process. A simulator follows
// one of the two particles, or takes the other from momentum conservation.
//
// Units: energies in GeV (E is the total energy of the lepton, not the kinetic one), angles in radian.
//
// Below threshold, outside the range of the table and for x outside phase space std::out_of_range is thrown. Everything
// is const and shares nothing, so one Sampler serves all threads. The header of each table states the largest error of
// its cumulative distribution, measured off its nodes.
//
// Rule (also in tables/README.md): panels of nodes in mass and energy as in pheno/table.hpp, with arsinh(sqrt(T/m_l)) in
// place of ln(1 + T/m_l), between nodes Lagrange polynomials; along rho = ln(r/(1-r)) too, outside of r = 1e-4 ... 1 - 1e-4
// straight lines. x lies at the share q between the ends of phase space on the scale of ln(x/(1-x)), and the table holds
// ln(q/(1-q)). For angles, which depend on q as well, it holds ln((1+c)S/(1-cS)) with S the square of tan(angle/2) over
// that of the typical angle, and c from the largest S.
//
// SPDX-License-Identifier: BSD-3-Clause

#ifndef PHENO_SAMPLER_HPP
#define PHENO_SAMPLER_HPP

#include <pheno/table.hpp>

namespace pheno {

namespace detail {

/// The axis of the random number: rho = ln(r/(1-r)).
struct RandomAxis {
    /// Nodes cover r from 1e-4 to 1 - 1e-4.
    static double reach() { return 9.21024036697585; }

    /// 0 and 1 stand for numbers so near that the spacing of doubles could not tell.
    static double farthest() { return 40.0; }

    static double rho(double r) {
        if (!(r >= 0.0 && r <= 1.0)) outside(r);
        return std::max(-farthest(), std::min(farthest(), std::log(r / (1.0 - r))));
    }

    template <std::size_t K>
    static Stencil<K> stencil(double rho, std::size_t nodes) {
        const double place = 0.5 + rho * (0.5 / reach());
        Stencil<K> s(place, nodes);
        if (place < 0.0) line(s, 0, place * static_cast<double>(nodes - 1));
        if (place > 1.0) line(s, K - 2, place * static_cast<double>(nodes - 1) - static_cast<double>(nodes - 2));
        return s;
    }

private:
    [[noreturn]] static void outside(double r) {
        std::ostringstream text;
        text << "pheno::Sampler: r must be between 0 and 1, got " << r;
        throw std::out_of_range(text.str());
    }

    /// The straight line through two neighbouring nodes.
    template <std::size_t K>
    static void line(Stencil<K>& s, std::size_t first, double t) {
        for (std::size_t j = 0; j < K; ++j) s.weight[j] = 0.0;
        s.weight[first] = 1.0 - t;
        s.weight[first + 1] = t;
    }
};

/// Values of one quantity at one mass: along energy, q (one node if it does not depend on q) and rho.
class QuantileBlock {
public:
    template <std::size_t K>
    double at(double y, double rho) const {
        const Stencil<K> e(axis.position(y), energy_nodes), s = RandomAxis::stencil<K>(rho, rho_nodes);
        double w = 0.0;
        for (std::size_t i = 0; i < K; ++i) w += e.weight[i] * along<K>((e.first + i) * rho_nodes, s);
        return w;
    }

    template <std::size_t K>
    double at(double y, double place, double rho) const {
        const Stencil<K> e(axis.position(y), energy_nodes), s = RandomAxis::stencil<K>(rho, rho_nodes);
        const Stencil<K> share(place, x_nodes);
        // Sums along rho last: K of them run side by side.
        double sum[K] = {};
        for (std::size_t i = 0; i < K; ++i) {
            const std::size_t block = ((e.first + i) * x_nodes + share.first) * rho_nodes + s.first;
            for (std::size_t j = 0; j < K; ++j) {
                const double weight = e.weight[i] * share.weight[j];
                const double* node = values.data() + block + j * rho_nodes;
                for (std::size_t n = 0; n < K; ++n) sum[n] += weight * node[n];
            }
        }
        double w = 0.0;
        for (std::size_t n = 0; n < K; ++n) w += s.weight[n] * sum[n];
        return w;
    }

    VelocityAxis axis;
    std::size_t energy_nodes, x_nodes, rho_nodes, order;
    std::vector<double> values;

private:
    template <std::size_t K>
    double along(std::size_t row, const Stencil<K>& s) const {
        const double* node = values.data() + row + s.first;
        double w = 0.0;
        for (std::size_t j = 0; j < K; ++j) w += s.weight[j] * node[j];
        return w;
    }
};

/// One file: quantiles of x, theta or psi.
class Quantiles {
public:
    Quantiles(const File& file, const std::string& quantity)
        : header_(file.header()),
          order_(checked_order(file, quantity)),
          x_nodes_(quantity == "x" ? 1 : nodes(file, "x_nodes")),
          rho_nodes_(nodes(file, "rho_nodes")),
          grid_(file, order_, x_nodes_ * rho_nodes_, "Sampler") {
        std::size_t rows = 0;
        for (const Panel& p : grid_.panels()) rows += p.mass_nodes * p.energy_nodes * x_nodes_;
        values_ = file.values(std::vector<std::size_t>(rows, rho_nodes_));
    }

    const Grid& grid() const { return grid_; }
    const std::map<std::string, std::string>& header() const { return header_; }

    QuantileBlock at_mass(double mass) const {
        const Panel& p = grid_.panel(mass);
        QuantileBlock block;
        block.axis = grid_.velocity_axis(p, mass, 4.0);
        block.energy_nodes = p.energy_nodes;
        block.x_nodes = x_nodes_;
        block.rho_nodes = rho_nodes_;
        block.order = order_;
        block.values.assign(p.energy_nodes * x_nodes_ * rho_nodes_, 0.0);
        if (order_ == 4) {
            add<4>(p, mass, block.values);
        } else {
            add<6>(p, mass, block.values);
        }
        return block;
    }

private:
    template <std::size_t K>
    void add(const Panel& p, double mass, std::vector<double>& sum) const {
        const Stencil<K> s(p.mass_position(mass), p.mass_nodes);
        for (std::size_t i = 0; i < K; ++i) {
            const double* block = values_.data() + p.offset + (s.first + i) * sum.size();
            for (std::size_t j = 0; j < sum.size(); ++j) sum[j] += s.weight[i] * block[j];
        }
    }

    static std::size_t checked_order(const File& file, const std::string& quantity) {
        file.require("kind", "icdf_" + quantity);
        file.require("value", quantity == "x" ? "x 1" : quantity + " rad");
        file.require("value_map", quantity == "x" ? "log(q/(1-q))" : "log((1+c)*S/(1-c*S)) c=c0^2/(1+c0)");
        file.require("energy_map", "asinh(sqrt(T/m)) 4.0");
        file.require("q", "(logit(x)-logit(x_low))/(logit(x_high)-logit(x_low))");
        file.require("rho", "log(r/(1-r)) 0.0001 40.0");
        if (quantity != "x") file.require("x_map", "1/2+(g(q)-g(1-q))/(2*g(1)) g(q)=sqrt(q*(q+2/L)) 0.01");
        file.require("out_of_range", "error");
        file.require("below_threshold", "error");
        return file.order(4, 6);
    }

    std::size_t nodes(const File& file, const std::string& key) const {
        std::istringstream stream = file.words(key);
        const std::size_t count = file.count(stream, file.line(key));
        if (count < order_) file.fail(file.line(key), "fewer nodes than the interpolation needs");
        return count;
    }

    std::map<std::string, std::string> header_;
    std::size_t order_, x_nodes_, rho_nodes_;
    Grid grid_;
    std::vector<double> values_;
};

/// Phase space of l N -> l N X at one mass of X.
class PhaseSpace {
public:
    /// What depends on the energy alone.
    struct Beam {
        double E, above, p2;
        double x_low, x_high;
        double length, per_length;  // of x on the scale of ln(x/(1-x)), and its inverse
        double per_width;  // of the nodes along x
        double lepton_cone;  // at most 1/tan^2 of half of the lepton's largest angle: 0 but next to threshold
    };

    PhaseSpace() = default;

    PhaseSpace(const Grid& grid, double mass, double x_min)
        : lepton_mass_(grid.lepton_mass),
          nuclear_mass_(grid.nuclear_mass),
          mass_(mass),
          threshold_(grid.threshold(mass)),
          x_min_(x_min),
          rest_(grid.nuclear_mass + grid.lepton_mass),
          lepton2_(grid.lepton_mass * grid.lepton_mass),
          mass2_(mass * mass) {}

    double threshold() const { return threshold_; }

    /// Ends of x: those of X + (l N) with l and N at relative rest; X stands still if that is possible.
    Beam beam(double energy) const {
        Beam b;
        b.E = energy;
        b.above = 2.0 * nuclear_mass_ * (energy - threshold_);
        b.p2 = (energy - lepton_mass_) * (energy + lepton_mass_);
        const double S = (rest_ + mass_) * (rest_ + mass_) + b.above;
        const double lab = energy + nuclear_mass_, centre = share(b) * lab;
        const double swing2 = b.above * (b.above + 4.0 * rest_ * mass_), swing = std::sqrt(b.p2 * swing2);
        const double slowest = mass_ / energy, norm = 1.0 / (2.0 * S * energy);
        const bool moves = swing2 * lab * lab < share(b) * share(b) * b.p2;
        b.x_low = std::max(moves ? std::max((centre - swing) * norm, slowest) : slowest, x_min_);
        b.x_high = (centre + swing) * norm;
        b.length = distance(b.x_low, b.x_high);
        b.per_length = 1.0 / b.length;
        b.per_width = 0.5 / std::sqrt(1.0 + 2.0 * b.per_length);
        const double slow2 = b.above * (b.above + 4.0 * lepton_mass_ * (nuclear_mass_ + mass_));
        b.lepton_cone = std::max(16.0 * lepton2_ * b.p2 / slow2 - 4.0, 0.0);
        return b;
    }

    double x(const Beam& b, double w) const {
        const double up = b.x_low * std::exp(b.length / (1.0 + std::exp(-w)));
        return std::max(b.x_low, std::min(b.x_high, up / (1.0 - b.x_low + up)));
    }

    /// x within phase space: somebody may have computed it from energies in other units.
    double inside(const Beam& b, double x) const {
        const double rounding = 1e-12;
        if (!(x >= b.x_low - rounding && x <= b.x_high + rounding)) outside(b, x);
        return std::max(b.x_low, std::min(b.x_high, x));
    }

    /// Position of x between the first and the last node along it; a little outside [0, 1] at the ends of phase space.
    double place(const Beam& b, double x) const {
        const double margin = 0.01, twice = 2.0 * b.per_length;
        const double q = std::max(0.0, std::min(1.0, distance(b.x_low, x) * b.per_length)), rest = 1.0 - q;
        const double difference = std::sqrt(q * (q + twice)) - std::sqrt(rest * (rest + twice));
        return (0.5 + difference * b.per_width - margin) / (1.0 - 2.0 * margin);
    }

    /// Angle of the mediator.
    double theta(const Beam& b, double x, double w) const {
        const double E_X = x * b.E, k2 = std::max((E_X - mass_) * (E_X + mass_), 0.0), pk = std::sqrt(b.p2 * k2);
        const double U = 2.0 * lepton2_ * k2 + mass2_ * (b.E * (b.E - E_X) + (b.E * b.E - pk));  // times the next line
        const double tau = U / (U + 4.0 * pk * (b.E * E_X + pk));
        return angle(w, tau, tau * cone(b, E_X, pk));
    }

    /// Angle of the recoil lepton.
    double psi(const Beam& b, double x, double w) const {
        const double E_X = x * b.E, left = b.E - E_X;
        const double pp = std::sqrt(b.p2 * std::max((left - lepton_mass_) * (left + lepton_mass_), 0.0));
        const double product = b.E * left - lepton2_ + pp;
        const double t = mass2_ * product + 2.0 * lepton2_ * E_X * E_X;  // times the product
        const double tau = t / (t + 4.0 * pp * product);
        return angle(w, tau, tau * b.lepton_cone);
    }

private:
    [[noreturn]] static void outside(const Beam& b, double x) {
        std::ostringstream text;
        text.precision(9);
        text << "pheno::Sampler: x must be between " << b.x_low << " and " << b.x_high
             << ", the ends of phase space, got " << x;
        throw std::out_of_range(text.str());
    }

    /// From one x to another on the scale of ln(x/(1-x)).
    static double distance(double from, double to) { return std::log(to * (1.0 - from) / ((1.0 - to) * from)); }

    /// Angle with S (1 + c) / (1 - c S) = e^w, c = c_0^2 / (1 + c_0), and never outside the cone, S = 1/c_0.
    static double angle(double w, double tau, double c_0) {
        const double square = c_0 * c_0, sum = 1.0 + c_0;
        return 2.0 * std::atan(std::sqrt(tau * sum / std::max(std::exp(-w) * (sum + square) + square, c_0 * sum)));
    }

    /// Twice the energy of X in the centre of mass, at the ends of x, times that of the whole.
    double share(const Beam& b) const { return 2.0 * mass_ * (rest_ + mass_) + b.above; }

    /// 1/tan^2 of half of the mediator's largest angle; 0 if it can turn back.
    double cone(const Beam& b, double E_X, double pk) const {
        const double turn = share(b) - 2.0 * (b.E + nuclear_mass_) * E_X + 2.0 * pk, left = 4.0 * pk - turn;
        return left > 0.0 ? left / std::max(turn, 1e-15 * pk) : 0.0;
    }

    double lepton_mass_, nuclear_mass_, mass_, threshold_, x_min_, rest_;  // [GeV]
    double lepton2_, mass2_;  // [GeV^2]
};

}  // namespace detail

/// Draws x, and the angle of the mediator or of the recoil lepton at this x, from uniform random numbers.
class Sampler {
public:
    /// The distributions at one mass: what a simulator needs in a run. It keeps no reference to its sampler.
    class Mass {
    public:
        /// The distributions at one energy, which costs about as much as a look-up; it refers to its Mass.
        class Energy {
        public:
            /// E_X / E.
            ///
            /// @param r  uniform random number in [0, 1]
            /// @throws std::out_of_range  for any other r
            double x(double r) const {
                const double rho = detail::RandomAxis::rho(r);
                const detail::QuantileBlock& block = mass_->x_;
                return mass_->space_.x(beam_, block.order == 4 ? block.at<4>(y_, rho) : block.at<6>(y_, rho));
            }

            /// Angle of the mediator with the beam [rad].
            ///
            /// @param x  E_X / E
            /// @param r  uniform random number in [0, 1]
            /// @throws std::out_of_range  for any other r, or if x lies outside phase space
            /// @throws std::logic_error   if there is no file .icdf_theta.pht beside that of x
            double theta(double x, double r) const {
                x = mass_->space_.inside(beam_, x);
                return mass_->space_.theta(beam_, x, angle(mass_->theta_, "theta", x, r));
            }

            /// Angle of the recoil lepton with the beam [rad]; as theta().
            double psi(double x, double r) const {
                x = mass_->space_.inside(beam_, x);
                return mass_->space_.psi(beam_, x, angle(mass_->psi_, "psi", x, r));
            }

        private:
            friend class Mass;

            Energy(const Mass& mass, double energy)
                : mass_(&mass), beam_(mass.checked(energy)), y_(mass.x_.axis.y(energy)) {}

            double angle(const detail::QuantileBlock& block, const char* name, double x, double r) const {
                if (block.values.empty()) missing(name);
                const double place = mass_->space_.place(beam_, x), rho = detail::RandomAxis::rho(r);
                return block.order == 4 ? block.at<4>(y_, place, rho) : block.at<6>(y_, place, rho);
            }

            const Mass* mass_;
            detail::PhaseSpace::Beam beam_;
            double y_;  // variable of the nodes along the energy
        };

        /// Fix the energy: what x and the angle of one vertex share is then computed once.
        ///
        /// @param energy  total energy of the lepton [GeV]
        /// @throws std::out_of_range  at or below threshold, or outside the range of the table
        Energy at_energy(double energy) const { return Energy(*this, energy); }

        double x(double energy, double r) const { return at_energy(energy).x(r); }
        double theta(double energy, double x, double r) const { return at_energy(energy).theta(x, r); }
        double psi(double energy, double x, double r) const { return at_energy(energy).psi(x, r); }

        /// Energy [GeV] at and below which nothing can be sampled.
        double threshold() const { return space_.threshold(); }

    private:
        friend class Sampler;

        detail::PhaseSpace::Beam checked(double energy) const {
            if (!(energy >= energy_min_ && energy <= energy_max_)) {
                detail::Grid::out_of_range("Sampler", "energy", energy, energy_min_, energy_max_);
            }
            if (!(energy > space_.threshold())) closed(energy);
            return space_.beam(energy);
        }

        [[noreturn]] void closed(double energy) const {
            std::ostringstream text;
            text.precision(9);
            text << "pheno::Sampler: energy must be above the threshold of " << threshold() << " GeV, got " << energy
                 << ": there is nothing to sample";
            throw std::out_of_range(text.str());
        }

        [[noreturn]] static void missing(const std::string& name) {
            throw std::logic_error("pheno::Sampler: there is no table of " + name + ", the file .icdf_" + name +
                                   ".pht, beside that of x");
        }

        detail::PhaseSpace space_;
        double energy_min_, energy_max_;
        detail::QuantileBlock x_, theta_, psi_;
    };

    /// Read the tables of a mediator: `stem`.icdf_x.pht, and those of .icdf_theta.pht and .icdf_psi.pht that exist.
    ///
    /// @throws std::runtime_error  naming file and line, if one cannot be read, is not exactly what pheno wrote, or is
    ///                             of another process than that of x
    explicit Sampler(const std::string& stem)
        : x_(detail::File(stem + ".icdf_x.pht"), "x"), theta_(read(stem, "theta")), psi_(read(stem, "psi")) {
        std::istringstream window(x_.header().count("x_window") ? x_.header().at("x_window") : "");
        window.imbue(std::locale::classic());
        if (!(window >> x_min_)) throw std::runtime_error(stem + ".icdf_x.pht: no line 'x_window' in the header");
        check_together(stem, "theta", theta_);
        check_together(stem, "psi", psi_);
    }

    /// Fix the mass.
    ///
    /// @param mass  mass of the mediator [GeV]
    /// @throws std::out_of_range  outside the range of the table
    Mass at_mass(double mass) const {
        Mass result;
        result.x_ = x_.at_mass(mass);
        if (!theta_.empty()) result.theta_ = theta_[0].at_mass(mass);
        if (!psi_.empty()) result.psi_ = psi_[0].at_mass(mass);
        const detail::Grid& grid = x_.grid();
        result.space_ = detail::PhaseSpace(grid, mass, x_min_);
        result.energy_min_ = grid.energy_min;
        result.energy_max_ = grid.energy_max;
        return result;
    }

    bool has_theta() const { return !theta_.empty(); }
    bool has_psi() const { return !psi_.empty(); }

    double mass_min() const { return x_.grid().mass_min; }  ///< [GeV]
    double mass_max() const { return x_.grid().mass_max; }  ///< [GeV]
    double energy_min() const { return x_.grid().energy_min; }  ///< [GeV]
    double energy_max() const { return x_.grid().energy_max; }  ///< [GeV]

    /// Header of the table of x, key by key.
    const std::map<std::string, std::string>& header() const { return x_.header(); }

private:
    /// The table of an angle, or nothing if there is no such file.
    static std::vector<detail::Quantiles> read(const std::string& stem, const std::string& quantity) {
        std::vector<detail::Quantiles> result;
        const std::string name = stem + ".icdf_" + quantity + ".pht";
        if (std::ifstream(name.c_str()).good()) result.emplace_back(detail::File(name), quantity);
        return result;
    }

    void check_together(const std::string& stem, const std::string& quantity,
                        const std::vector<detail::Quantiles>& tables) const {
        static const char* const keys[] = {"beam",        "target",   "mediator", "method",
                                           "form_factor", "x_window", "mass",     "energy"};
        for (std::size_t i = 0; i < tables.size(); ++i) {
            const std::map<std::string, std::string>&a = x_.header(), &b = tables[i].header();
            for (std::size_t j = 0; j < sizeof keys / sizeof *keys; ++j) {
                if (a.count(keys[j]) != b.count(keys[j]) || (a.count(keys[j]) && a.at(keys[j]) != b.at(keys[j]))) {
                    throw std::runtime_error(stem + ".icdf_" + quantity + ".pht: another " + keys[j] +
                                             " than in the table of x");
                }
            }
        }
    }

    detail::Quantiles x_;
    std::vector<detail::Quantiles> theta_, psi_;
    double x_min_ = 0.0;
};

}  // namespace pheno

#endif
