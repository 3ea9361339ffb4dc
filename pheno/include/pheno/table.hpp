// Reader of pheno's lookup tables (.pht) for simulators: one header, C++11 or newer, no dependency.
//
//   #include <pheno/table.hpp>
//
//   const pheno::Table table("na64e/vector.pht");      // once; throws std::runtime_error if the file is damaged
//   const pheno::Table::Mass sigma = table.at_mass(0.1);     // once per run: the mediator's mass [GeV]
//   double pb = sigma(energy_GeV);                     // per step: total cross section [pb] per nucleus, coupling 1
//
// In Geant4 the mean free path of a lepton of total energy E in a material with n nuclei per volume of this kind is
//
//   const double g = epsilon * std::sqrt(4.0 * CLHEP::pi * CLHEP::fine_structure_const);
//   const double per_nucleus = g * g * sigma(E / CLHEP::GeV) * CLHEP::picobarn;
//   const double mean_free_path = per_nucleus > 0.0 ? 1.0 / (n * per_nucleus) : DBL_MAX;
//
// examples/geant4 has this as a program that needs no Geant4.
//
// Units: masses and energies in GeV (E is the total energy of the lepton, not the kinetic one), cross sections in pb.
// The coupling in the table is 1 (for the tensor c/Lambda = 1 GeV^-1) and the cross section goes with its square.
//
// Below threshold the result is exactly 0. Outside the range of masses or energies std::out_of_range is thrown: a
// table never extrapolates and never clamps; ask mass_min() ... energy_max() first. All members are const and share
// nothing, so one Table serves all threads.
//
// Rule of interpolation (also in tables/README.md): with T = E - E_thr(m), the values are f = ln(sigma/T^2) on nodes
// uniform in ln m and, between the two edges of a panel at that mass, in y = ln(1 + T/m_lepton); Lagrange polynomials
// through the nearest nodes. Nothing special happens at threshold, where y = 0 and f is finite.
//
// SPDX-License-Identifier: BSD-3-Clause

#ifndef PHENO_TABLE_HPP
#define PHENO_TABLE_HPP

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <locale>
#include <map>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace pheno {

namespace detail {

/// SHA-256 [FIPS 180-4] of a string, as 64 hexadecimal digits.
class Sha256 {
public:
    static std::string of(std::string message) {
        const std::uint64_t bits = static_cast<std::uint64_t>(message.size()) * 8u;
        message.push_back(static_cast<char>(0x80));
        while (message.size() % 64u != 56u) message.push_back('\0');
        for (unsigned byte = 8; byte-- > 0;) message.push_back(static_cast<char>((bits >> (8u * byte)) & 0xffu));
        Sha256 hash;
        for (std::size_t block = 0; block < message.size(); block += 64u) hash.compress(message, block);
        return hash.text();
    }

private:
    // The first 32 bits of the fractional parts of the square and cube roots of the first primes.
    Sha256()
        : state{{0x6a09e667u, 0xbb67ae85u, 0x3c6ef372u, 0xa54ff53au, 0x510e527fu, 0x9b05688cu, 0x1f83d9abu,
                 0x5be0cd19u}} {}

    static std::uint32_t constant(std::size_t i) {
        static const std::uint32_t k[64] = {
            0x428a2f98u, 0x71374491u, 0xb5c0fbcfu, 0xe9b5dba5u, 0x3956c25bu, 0x59f111f1u, 0x923f82a4u, 0xab1c5ed5u,
            0xd807aa98u, 0x12835b01u, 0x243185beu, 0x550c7dc3u, 0x72be5d74u, 0x80deb1feu, 0x9bdc06a7u, 0xc19bf174u,
            0xe49b69c1u, 0xefbe4786u, 0x0fc19dc6u, 0x240ca1ccu, 0x2de92c6fu, 0x4a7484aau, 0x5cb0a9dcu, 0x76f988dau,
            0x983e5152u, 0xa831c66du, 0xb00327c8u, 0xbf597fc7u, 0xc6e00bf3u, 0xd5a79147u, 0x06ca6351u, 0x14292967u,
            0x27b70a85u, 0x2e1b2138u, 0x4d2c6dfcu, 0x53380d13u, 0x650a7354u, 0x766a0abbu, 0x81c2c92eu, 0x92722c85u,
            0xa2bfe8a1u, 0xa81a664bu, 0xc24b8b70u, 0xc76c51a3u, 0xd192e819u, 0xd6990624u, 0xf40e3585u, 0x106aa070u,
            0x19a4c116u, 0x1e376c08u, 0x2748774cu, 0x34b0bcb5u, 0x391c0cb3u, 0x4ed8aa4au, 0x5b9cca4fu, 0x682e6ff3u,
            0x748f82eeu, 0x78a5636fu, 0x84c87814u, 0x8cc70208u, 0x90befffau, 0xa4506cebu, 0xbef9a3f7u, 0xc67178f2u};
        return k[i];
    }

    static std::uint32_t rotate(std::uint32_t x, unsigned n) { return (x >> n) | (x << (32u - n)); }

    void compress(const std::string& message, std::size_t offset) {
        std::array<std::uint32_t, 64> w{};
        for (std::size_t i = 0; i < 64u; ++i) {
            w[i / 4u] = (w[i / 4u] << 8) | static_cast<unsigned char>(message[offset + i]);
        }
        for (std::size_t i = 16; i < 64u; ++i) {
            const std::uint32_t a = w[i - 15], b = w[i - 2];
            w[i] = w[i - 16] + (rotate(a, 7) ^ rotate(a, 18) ^ (a >> 3)) + w[i - 7] +
                   (rotate(b, 17) ^ rotate(b, 19) ^ (b >> 10));
        }
        std::array<std::uint32_t, 8> s = state;
        for (std::size_t i = 0; i < 64u; ++i) {
            const std::uint32_t choose = (s[4] & s[5]) ^ (~s[4] & s[6]);
            const std::uint32_t majority = (s[0] & s[1]) ^ (s[0] & s[2]) ^ (s[1] & s[2]);
            const std::uint32_t first =
                s[7] + (rotate(s[4], 6) ^ rotate(s[4], 11) ^ rotate(s[4], 25)) + choose + constant(i) + w[i];
            const std::uint32_t second = (rotate(s[0], 2) ^ rotate(s[0], 13) ^ rotate(s[0], 22)) + majority;
            for (std::size_t j = 7; j > 0; --j) s[j] = s[j - 1];
            s[4] += first;
            s[0] = first + second;
        }
        for (std::size_t i = 0; i < 8u; ++i) state[i] += s[i];
    }

    std::string text() const {
        std::string digits;
        for (std::size_t i = 0; i < 8u; ++i) {
            for (unsigned digit = 8; digit-- > 0;) digits += "0123456789abcdef"[(state[i] >> (4u * digit)) & 0xfu];
        }
        return digits;
    }

    std::array<std::uint32_t, 8> state;
};

/// The `K` uniform nodes around a position in [0, 1] (near the ends the outermost ones), and their Lagrange weights.
template <std::size_t K>
struct Stencil {
    std::size_t first;
    double weight[K];

    Stencil(double position, std::size_t nodes) {
        const double u = position * static_cast<double>(nodes - 1);
        const std::size_t before_u = K / 2 - 1, last = nodes - K;
        const double start = u - static_cast<double>(before_u);  // truncated below: its floor, once it is positive
        first = std::min(start > 0.0 ? static_cast<std::size_t>(start) : 0, last);
        const double t = u - static_cast<double>(first);
        // Products of the factors before and after each node: linear in K, no division by t - j.
        double before = 1.0;
        for (std::size_t j = 0; j < K; ++j) {
            weight[j] = before * inverse_denominator(j);
            before *= t - static_cast<double>(j);
        }
        double after = 1.0;
        for (std::size_t j = K; j-- > 0;) {
            weight[j] *= after;
            after *= t - static_cast<double>(j);
        }
    }

private:
    /// 1 / prod over i != j of (j - i), for i = 0 ... K - 1.
    static double inverse_denominator(std::size_t j) {
        static const double factorial[8] = {1.0, 1.0, 2.0, 6.0, 24.0, 120.0, 720.0, 5040.0};
        const double magnitude = 1.0 / (factorial[j] * factorial[K - 1 - j]);
        return (K - 1 - j) % 2 == 0 ? magnitude : -magnitude;
    }
};

/// Interpolate in a row of values.
template <std::size_t K>
double along(const double* row, double position, std::size_t nodes) {
    const Stencil<K> s(position, nodes);
    double f = 0.0;
    for (std::size_t j = 0; j < K; ++j) f += s.weight[j] * row[s.first + j];
    return f;
}

/// Interpolate in a block of rows.
template <std::size_t K>
double across(const double* block, double a, std::size_t rows, double v, std::size_t columns) {
    const Stencil<K> s(a, rows), c(v, columns);
    double f = 0.0;
    for (std::size_t i = 0; i < K; ++i) {
        const double* node = block + (s.first + i) * columns + c.first;
        double row = 0.0;
        for (std::size_t j = 0; j < K; ++j) row += c.weight[j] * node[j];
        f += s.weight[i] * row;
    }
    return f;
}

}  // namespace detail

/// Total cross section of l N -> l N X as a function of the mass of X and the energy of l.
class Table {
    struct Panel {
        std::size_t mass_nodes, energy_nodes;
        double mass_low, mass_high, log_mass_low, log_mass_ratio;
        double floor;  // energy of the lower edge [GeV], 0: along the threshold
        double ceiling;
        std::size_t offset;  // of its first value
    };

public:
    /// The cross section at one mass: what a simulator needs in a run. It keeps no reference to its table.
    class Mass {
    public:
        /// Cross section [pb] at coupling 1; 0 below threshold.
        ///
        /// @param energy  total energy of the lepton [GeV]
        /// @throws std::out_of_range  above threshold but outside the range of the table
        double operator()(double energy) const {
            if (energy > 0.0 && energy <= threshold_) return 0.0;
            if (!(energy >= energy_min_ && energy <= energy_max_))
                out_of_range("energy", energy, energy_min_, energy_max_);
            const double T = energy - threshold_;
            const double v = (std::log1p(T / scale_) - low_) / (high_ - low_);
            return std::exp(along(v)) * T * T;
        }

        /// Energy [GeV] at and below which the cross section is 0.
        double threshold() const { return threshold_; }

    private:
        friend class Table;

        double along(double v) const {
            switch (order_) {
                case 4: return detail::along<4>(row_.data(), v, row_.size());
                case 6: return detail::along<6>(row_.data(), v, row_.size());
                default: return detail::along<8>(row_.data(), v, row_.size());
            }
        }

        double threshold_, scale_, low_, high_, energy_min_, energy_max_;
        std::size_t order_;
        std::vector<double> row_;
    };

    /// Read a table.
    ///
    /// @throws std::runtime_error  naming file and line, if it cannot be read or is not exactly what pheno wrote
    explicit Table(const std::string& file) : file_(file) {
        read();
        check_digest();
        interpret();
    }

    /// Cross section [pb] at coupling 1; 0 below threshold.
    ///
    /// @param mass    mass of the mediator [GeV]
    /// @param energy  total energy of the lepton [GeV]
    /// @throws std::out_of_range  outside the range of the table
    double operator()(double mass, double energy) const {
        const double limit = threshold(mass);
        const Panel& p = panel(mass);
        if (energy > 0.0 && energy <= limit) return 0.0;
        if (!(energy >= energy_min_ && energy <= energy_max_)) out_of_range("energy", energy, energy_min_, energy_max_);
        const double T = energy - limit, low = lower_edge(p, limit), high = upper_edge(p, limit);
        const double v = (std::log1p(T / lepton_mass_) - low) / (high - low);
        return std::exp(across(p, mass_position(p, mass), v)) * T * T;
    }

    /// Fix the mass: three times faster per call.
    ///
    /// @param mass  mass of the mediator [GeV]
    /// @throws std::out_of_range  outside the range of the table
    Mass at_mass(double mass) const {
        const Panel& p = panel(mass);
        Mass result;
        result.threshold_ = threshold(mass);
        result.scale_ = lepton_mass_;
        result.low_ = lower_edge(p, result.threshold_);
        result.high_ = upper_edge(p, result.threshold_);
        result.energy_min_ = energy_min_;
        result.energy_max_ = energy_max_;
        result.order_ = order_;
        // The nodes in energy belong to v: at every v of a node, interpolate in the mass.
        const double last = static_cast<double>(p.energy_nodes - 1), a = mass_position(p, mass);
        for (std::size_t j = 0; j < p.energy_nodes; ++j) {
            result.row_.push_back(across(p, a, static_cast<double>(j) / last));
        }
        return result;
    }

    /// Lepton energy [GeV] at which a mediator of this mass [GeV] can just be made.
    double threshold(double mass) const {
        return lepton_mass_ + mass + mass * (2.0 * lepton_mass_ + mass) / (2.0 * nuclear_mass_);
    }

    double mass_min() const { return mass_min_; }      ///< [GeV]
    double mass_max() const { return mass_max_; }      ///< [GeV]
    double energy_min() const { return energy_min_; }  ///< [GeV]
    double energy_max() const { return energy_max_; }  ///< [GeV]

    /// The header, key by key: what is tabulated, how it was computed, its measured interpolation error, its origin.
    const std::map<std::string, std::string>& header() const { return header_; }

private:
    [[noreturn]] static void out_of_range(const char* name, double value, double low, double high) {
        std::ostringstream text;
        text << "pheno::Table: " << name << " must be between " << low << " and " << high << " GeV, got " << value;
        throw std::out_of_range(text.str());
    }

    [[noreturn]] void fail(std::size_t line, const std::string& what) const {
        std::ostringstream text;
        text << file_ << ':' << line + 1 << ": " << what;
        throw std::runtime_error(text.str());
    }

    const Panel& panel(double mass) const {
        if (!(mass >= mass_min_ && mass <= mass_max_)) out_of_range("mass", mass, mass_min_, mass_max_);
        std::size_t i = 0;
        while (mass > panels_[i].mass_high) ++i;
        return panels_[i];
    }

    double across(const Panel& p, double a, double v) const {
        const double* block = values_.data() + p.offset;
        switch (order_) {
            case 4: return detail::across<4>(block, a, p.mass_nodes, v, p.energy_nodes);
            case 6: return detail::across<6>(block, a, p.mass_nodes, v, p.energy_nodes);
            default: return detail::across<8>(block, a, p.mass_nodes, v, p.energy_nodes);
        }
    }

    static double mass_position(const Panel& p, double mass) {
        return (std::log(mass) - p.log_mass_low) / p.log_mass_ratio;
    }

    double lower_edge(const Panel& p, double limit) const {
        return p.floor > limit ? std::log1p((p.floor - limit) / lepton_mass_) : 0.0;
    }

    double upper_edge(const Panel& p, double limit) const { return std::log1p((p.ceiling - limit) / lepton_mass_); }

    void read() {
        std::ifstream stream(file_.c_str(), std::ios::binary);
        if (!stream) throw std::runtime_error(file_ + ": cannot open the table");
        std::string text((std::istreambuf_iterator<char>(stream)), std::istreambuf_iterator<char>());
        if (stream.bad()) throw std::runtime_error(file_ + ": cannot read the table");
        std::string::size_type start = 0, end = 0;
        while ((end = text.find('\n', start)) != std::string::npos) {
            lines_.push_back(text.substr(start, end - start));
            start = end + 1;
        }
        if (start != text.size() || lines_.empty()) {
            fail(lines_.size(), "truncated: the last line does not end");
        }
        if (lines_[0] != "#pheno-table 1") fail(0, "no pheno table of version 1");
        std::size_t line = 1;
        for (; line < lines_.size() && lines_[line] != "data"; ++line) header_line(line);
        if (line == lines_.size()) fail(line - 1, "truncated: no line 'data'");
        data_ = line + 1;
    }

    void header_line(std::size_t line) {
        const std::string::size_type space = lines_[line].find(' ');
        if (space == std::string::npos || space == 0) fail(line, "not a line 'key value'");
        const std::string key = lines_[line].substr(0, space);
        if (key == "panel") {
            panel_lines_.push_back(line);
        } else if (!header_.emplace(key, lines_[line].substr(space + 1)).second) {
            fail(line, "second line '" + key + "'");
        } else {
            line_of_[key] = line;
        }
    }

    void check_digest() const {
        const std::size_t at = line("sha256");
        std::string text;
        for (std::size_t i = 0; i < lines_.size(); ++i) {
            if (i != at) text += lines_[i] + '\n';
        }
        if (detail::Sha256::of(text) != header_.at("sha256")) {
            fail(at, "the file was changed or cut after it was written");
        }
    }

    std::size_t line(const std::string& key) const {
        const std::map<std::string, std::size_t>::const_iterator found = line_of_.find(key);
        if (found == line_of_.end()) fail(data_ - 1, "no line '" + key + "' in the header");
        return found->second;
    }

    void require(const std::string& key, const std::string& value) const {
        const std::size_t at = line(key);
        if (header_.at(key) != value) fail(at, "unknown " + key + ", only '" + value + "' is known");
    }

    static std::istringstream words(const std::string& text) {
        std::istringstream stream(text);
        stream.imbue(std::locale::classic());
        return stream;
    }

    double number(std::istringstream& stream, std::size_t at) const {
        double value = 0.0;
        if (!(stream >> value) || !std::isfinite(value)) fail(at, "a finite number is missing");
        return value;
    }

    std::size_t count(std::istringstream& stream, std::size_t at) const {
        std::size_t value = 0;
        if (!(stream >> value) || value > 1000000u) fail(at, "a number of nodes is missing");
        return value;
    }

    void range(const std::string& key, double& low, double& high) const {
        const std::size_t at = line(key);
        std::istringstream stream = words(header_.at(key));
        std::string unit;
        stream >> unit;
        low = number(stream, at);
        high = number(stream, at);
        if (unit != "GeV" || !(0.0 < low && low < high)) fail(at, "not a range in GeV");
    }

    void interpret() {
        require("kind", "sigma_tot");
        require("coupling_power", "2");
        require("value", "sigma pb");
        require("value_map", "log(sigma/T^2)");
        require("out_of_range", "error");
        require("below_threshold", "0");
        range("mass", mass_min_, mass_max_);
        range("energy", energy_min_, energy_max_);
        std::string skipped;
        std::istringstream beam = words(header_.at(key("beam"))), target = words(header_.at(key("target")));
        beam >> skipped >> skipped;
        lepton_mass_ = number(beam, line("beam"));
        target >> skipped >> skipped >> skipped;
        nuclear_mass_ = number(target, line("target"));
        std::istringstream rule = words(header_.at(key("interpolation")));
        rule >> skipped;
        order_ = count(rule, line("interpolation"));
        if (skipped != "lagrange" || (order_ != 4 && order_ != 6 && order_ != 8)) {
            fail(line("interpolation"), "unknown interpolation");
        }
        read_panels();
        read_values();
        lines_.clear();
        lines_.shrink_to_fit();
    }

    const std::string& key(const std::string& name) const {
        line(name);  // complains if it is not there
        return line_of_.find(name)->first;
    }

    void read_panels() {
        std::istringstream stream = words(header_.at(key("panels")));
        const std::size_t at = line("panels");
        if (count(stream, at) != panel_lines_.size() || panel_lines_.empty()) fail(at, "wrong number of panels");
        std::size_t offset = 0;
        double reached = mass_min_;
        for (std::size_t i = 0; i < panel_lines_.size(); ++i) {
            panels_.push_back(read_panel(panel_lines_[i], offset));
            const Panel& p = panels_.back();
            if (p.mass_low != reached) fail(panel_lines_[i], "the panels do not cover the range of masses");
            reached = p.mass_high;
            offset += p.mass_nodes * p.energy_nodes;
        }
        if (reached != mass_max_) fail(at, "the panels do not cover the range of masses");
    }

    Panel read_panel(std::size_t at, std::size_t offset) const {
        std::istringstream stream = words(lines_[at].substr(6));
        Panel p;
        p.mass_nodes = count(stream, at);
        p.mass_low = number(stream, at);
        p.mass_high = number(stream, at);
        p.energy_nodes = count(stream, at);
        std::string floor;
        stream >> floor;
        std::istringstream edge = words(floor);
        p.floor = floor == "threshold" ? 0.0 : number(edge, at);
        p.ceiling = number(stream, at);
        p.offset = offset;
        const bool covered = p.floor <= energy_min_ && p.ceiling == energy_max_ && threshold(p.mass_high) < p.ceiling;
        if (!covered || !(p.mass_low < p.mass_high) || p.mass_nodes < order_ || p.energy_nodes < order_) {
            fail(at, "a panel that is empty, does not cover the range of energies or has too few nodes");
        }
        p.log_mass_low = std::log(p.mass_low);
        p.log_mass_ratio = std::log(p.mass_high) - p.log_mass_low;
        return p;
    }

    void read_values() {
        std::size_t at = data_;
        for (std::size_t i = 0; i < panels_.size(); ++i) {
            for (std::size_t row = 0; row < panels_[i].mass_nodes; ++row, ++at) {
                if (at >= lines_.size()) fail(lines_.size() - 1, "truncated: rows of data are missing");
                std::istringstream stream = words(lines_[at]);
                for (std::size_t j = 0; j < panels_[i].energy_nodes; ++j) values_.push_back(number(stream, at));
                std::string rest;
                if (stream >> rest) fail(at, "too many numbers in this row");
            }
        }
        if (at != lines_.size()) fail(at, "too many rows of data");
    }

    std::string file_;
    std::vector<std::string> lines_;  // only while reading
    std::vector<std::size_t> panel_lines_;
    std::map<std::string, std::size_t> line_of_;
    std::size_t data_ = 0;
    std::map<std::string, std::string> header_;
    double lepton_mass_ = 0.0, nuclear_mass_ = 0.0;
    double mass_min_ = 0.0, mass_max_ = 0.0, energy_min_ = 0.0, energy_max_ = 0.0;
    std::size_t order_ = 0;
    std::vector<Panel> panels_;
    std::vector<double> values_;
};

}  // namespace pheno

#endif
