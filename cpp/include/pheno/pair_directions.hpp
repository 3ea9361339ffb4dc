/// Directions of k in the rest frame of the pair, about the axis Q on which the energy E_X depends:
///
///   E_X = E_- + (1 + cos beta) Q k*/W,   U = U_min + 2 p* k* (1 - cos(k, p)),
///   cos(k, p) = cos alpha cos beta + sin alpha sin beta cos phi
///
/// with alpha the angle between p and Q.  Angles are given by their distance from the near end, the one on the side
/// of p: b = 1 - cos beta where alpha < pi/2, 1 + cos beta elsewhere.
#pragma once

#include <algorithm>
#include <cmath>

#include "gauss_legendre.hpp"
#include "pheno/hot.hpp"
#include "pheno/pair_panels.hpp"

namespace pheno::etl {

struct BeamAxis {
    double side;   ///< sign of cos alpha
    double sin_a;
    double a;      ///< 1 - |cos alpha|
};

[[nodiscard]] inline BeamAxis beam_axis(const Reaction<double>& c, const PairFrame<double>& y) noexcept {
    // P_i = (P + q)/2 has the length M Q/W and the components P_T/2 and -W cos_a length along x and z
    const double per = 1 / (2 * c.M * y.Q);
    const double cos_a = y.cos_axis * per;
    const double sin2 = std::min(1.0, y.P_T2 * y.W * y.W * per * per);
    const double cosine = std::min(1.0, std::abs(cos_a));
    const bool small = sin2 < 0.5;  // the accurate one of the two
    return {cos_a < 0.0 ? -1.0 : 1.0, std::sqrt(sin2), small ? sin2 / (1 + std::sqrt(1 - sin2)) : 1 - cosine};
}

/// sin((alpha - beta)/2) from a = 1 - cos alpha, b = 1 - cos beta, rest = 1 + cos beta.
[[nodiscard]] inline double half_angle(double a, double b, double rest) noexcept {
    return (a - b) / (std::sqrt(a * rest) + std::sqrt(b * (2 - a)) + 1e-150);
}

/// Nodes in b with their weights; n is padded to a multiple of `lanes` with nodes of weight 0.
struct DirectionNodes {
    static constexpr int capacity = 1024;
    static constexpr int lanes = 4;
    int n = 0;
    bool overflow = false;  ///< a panel was left out: no value can be given
    alignas(64) double b[capacity], rest[capacity];  ///< b and 2 - b
    alignas(64) double weight[capacity];             ///< of the average over the sphere
    alignas(64) double eta[capacity], centre[capacity], width[capacity], far[capacity];
};

inline constexpr double longest_direction_panel = 4.0;

/// Peak of the integrand in b, of half width `width`: (b - centre)^2 + width^2 vanishes with U_min U_max.
struct DirectionPeak {
    double centre, width;
};

/// @param u  U_min/(2 p k), or the same of t1
[[nodiscard]] inline DirectionPeak direction_peak(const BeamAxis& axis, double u) noexcept {
    const double centre = axis.a - u * (1 - axis.a);
    return {centre, std::max(std::sqrt(u * (2 + u)) * axis.sin_a, 1e-3 * std::max(0.0, -centre))};
}

/// Number of panels for [from, to] in b.
[[nodiscard]] inline int direction_panel_count(DirectionPeak peak, double from, double to) noexcept {
    if (!(to > from)) return 0;
    const double length = std::asinh((to - peak.centre) / peak.width) - std::asinh((from - peak.centre) / peak.width);
    return std::max(1, static_cast<int>(std::ceil(length / longest_direction_panel)));
}

/// Append panels of [from, to] in b, mapped by b = centre + width sinh(eta); `far`: b is measured from the other end.
inline void add_direction_panels(DirectionNodes& out, DirectionPeak peak, double from, double to, bool far,
                                 const GaussLegendre& rule) noexcept {
    if (!(to > from)) return;
    const double low = std::asinh((from - peak.centre) / peak.width);
    const double high = std::asinh((to - peak.centre) / peak.width);
    const int count = direction_panel_count(peak, from, to);
    const double step = (high - low) / count;
    out.overflow = out.overflow || out.n + count * rule.n > DirectionNodes::capacity;
    for (int j = 0; j < count && !out.overflow; ++j) {
        for (int i = 0; i < rule.n; ++i) {
            out.eta[out.n] = low + step * (j + rule.node[i]);
            out.weight[out.n] = step * rule.weight[i] / 2;
            out.centre[out.n] = peak.centre;
            out.width[out.n] = peak.width;
            out.far[out.n] = far ? 1.0 : 0.0;
            ++out.n;
        }
    }
}

PHENO_HOT inline void map_directions(DirectionNodes& nodes) noexcept {
    for (; nodes.n % DirectionNodes::lanes != 0; ++nodes.n) {
        const int last = nodes.n - 1;
        nodes.eta[nodes.n] = nodes.eta[last];
        nodes.centre[nodes.n] = nodes.centre[last];
        nodes.width[nodes.n] = nodes.width[last];
        nodes.far[nodes.n] = nodes.far[last];
        nodes.weight[nodes.n] = 0.0;
    }
    const int count = nodes.n;
    for (int i = 0; i < count; ++i) {
        const double up = exp_same(nodes.eta[i]), down = 1 / up, half = nodes.width[i] / 2;
        const double b = std::min(2.0, std::max(0.0, nodes.centre[i] + half * (up - down)));
        nodes.weight[i] *= half * (up + down);
        nodes.b[i] = nodes.far[i] > 0.5 ? 2 - b : b;
        nodes.rest[i] = nodes.far[i] > 0.5 ? b : 2 - b;
    }
}

/// One half of the directions for the tensor: a pole, and where it holds the backward end the slow mediators.
///
/// @param across  the pole of the other half, in the b of this one: it may sit just beyond b = 1
/// @param slow    distance behind the end b = 0 at which E_X would vanish (nuclear propagators); 0: the other end
inline void add_half(DirectionNodes& out, DirectionPeak peak, DirectionPeak across, double slow, double from, double to,
                     bool far, const GaussLegendre& rule) noexcept {
    to = std::min(1.0, to);
    if (slow > 0.0) {
        const DirectionPeak end{-slow, 1e-3 * slow};
        if (peak.centre > 0.5 * slow) {
            const double middle = peak.centre / 2;
            add_direction_panels(out, end, from, std::min(middle, to), far, rule);
            from = std::max(from, middle);
        } else if (-peak.centre > slow) {
            peak = end;
        }
    }
    const double here = std::hypot(1 - peak.centre, peak.width), there = std::hypot(1 - across.centre, across.width);
    if (there < 0.5 * here && to > from) {  // closer to the equator than the map about `peak` resolves there
        const double near = std::max(from, std::min(1.0, peak.centre)), middle = near + (1 - near) / 2;
        const double cut = std::max(from, std::min(middle, to));
        add_direction_panels(out, peak, from, cut, far, rule);
        add_direction_panels(out, across, cut, to, far, rule);
        return;
    }
    add_direction_panels(out, peak, from, to, far, rule);
}

/// Nodes for all directions of `range`, or for all others where those are fewer and the integral over all directions is
/// known exactly (spin 0 and 1): the window then holds the peak and at least a quarter of the sphere, so that the
/// difference does not cancel.
///
/// @param E_low  E_- over the spread E_+ - E_-
/// @tparam with_t1  the amplitude has a pole at t1 = 0 and nuclear propagators
/// @return  whether the nodes are those outside the range
template <bool with_t1>
inline bool direction_nodes(DirectionNodes& out, const PairFrame<double>& y, const BeamAxis& axis,
                            const DirectionRange& range, double E_low, const GaussLegendre& rule) noexcept {
    out.n = 0;
    out.overflow = false;
    const bool front = axis.side > 0.0;
    const double from = front ? range.from : range.from_back, to = front ? range.to : range.to_back;
    const double per = 1 / (2 * y.p * y.k);
    DirectionPeak peak = direction_peak(axis, y.U_min * per);
    bool outside = false;
    if constexpr (!with_t1) {
        const double at_peak = std::min(2.0, std::max(0.0, peak.centre));
        if (to - from > 0.5 && from <= at_peak && at_peak <= to) {
            const int others = direction_panel_count(peak, 0.0, from) + direction_panel_count(peak, to, 2.0);
            outside = others < direction_panel_count(peak, from, to);
        }
        if (outside) {
            add_direction_panels(out, peak, 0.0, from, false, rule);
            add_direction_panels(out, peak, to, 2.0, false, rule);
        } else {
            add_direction_panels(out, peak, from, to, false, rule);
        }
    } else {
        DirectionPeak other = direction_peak(axis, y.t1_min * per);
        const double apart = 1 - axis.a;  // half the distance of the peaks
        const double narrow = peak.width, narrow_other = other.width;
        peak.width = std::min(narrow, std::max(narrow_other, apart));
        other.width = std::min(narrow_other, std::max(narrow, apart));
        const double back_from = front ? range.from_back : range.from, back_to = front ? range.to_back : range.to;
        add_half(out, peak, {2 - other.centre, other.width}, front ? 0.0 : 2 * E_low, from, to, false, rule);
        add_half(out, other, {2 - peak.centre, peak.width}, front ? 2 * E_low : 0.0, back_from, back_to, true, rule);
    }
    if (out.n > 0) map_directions(out);
    return outside;
}

}  // namespace pheno::etl
