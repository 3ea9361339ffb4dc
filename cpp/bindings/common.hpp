/// What the bindings share: names of the closed sets, and loops that return estimates.
#pragma once

#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>

#include "pheno/amplitudes.hpp"
#include "pheno/estimate.hpp"
#include "pheno/form_factor.hpp"
#include "pheno/mediator.hpp"
#include "vectorize.hpp"

namespace pheno::bindings {

inline constexpr std::array<const char*, 8> form_factor_names{
    "tsai", "tsai_inelastic_773", "tsai_inelastic_724", "tsai_quasi_elastic",
    "helm", "exponential",        "point_like",         "none"};
inline constexpr std::array<const char*, 5> mediator_names{"scalar", "pseudoscalar", "vector", "axial_vector",
                                                           "tensor"};

/// Of FluxRange.
inline constexpr std::array<const char*, 3> ww_names{"ww", "ww_mass_cutoff", "iww"};

template <std::size_t N>
[[nodiscard]] py::tuple as_tuple(const std::array<const char*, N>& names) {
    py::tuple out(N);
    for (std::size_t i = 0; i < N; ++i) out[i] = py::str(names[i]);
    return out;
}

/// Enumerator whose position in `names` is that of `name`.
template <class Enum, std::size_t N>
[[nodiscard]] Enum find(const std::array<const char*, N>& names, const std::string& name) {
    for (std::size_t i = 0; i < N; ++i) {
        if (name == names[i]) return static_cast<Enum>(i);
    }
    throw std::invalid_argument("unknown name: " + name);
}

[[nodiscard]] inline Mediator mediator_named(const std::string& name) {
    return find<Mediator>(mediator_names, name);
}

[[nodiscard]] inline FormFactor form_factor_named(const std::string& name, double Z, double A, double electron_mass) {
    return make_form_factor(find<FormFactorKind>(form_factor_names, name), Z, A, electron_mass);
}

/// Call f with the amplitude object of a mediator.
template <class F>
auto with_amplitude(Mediator mediator, const TensorAmplitude& tensor, F&& f) {
    switch (mediator) {  // no default: a new mediator without a case must not compile
        case Mediator::scalar: return f(SpinZeroOneAmplitude<Mediator::scalar>{});
        case Mediator::pseudoscalar: return f(SpinZeroOneAmplitude<Mediator::pseudoscalar>{});
        case Mediator::vector: return f(SpinZeroOneAmplitude<Mediator::vector>{});
        case Mediator::axial_vector: return f(SpinZeroOneAmplitude<Mediator::axial_vector>{});
        case Mediator::tensor: return f(tensor);
    }
    throw std::invalid_argument("unknown mediator");
}

inline void require_hypercube(const Array& u) {
    if (u.ndim() != 2 || u.shape(1) != 4) throw std::invalid_argument("u must have shape (n, 4)");
}

/// f(row of four numbers) of every point of the unit hypercube in `u`.
template <class F>
[[nodiscard]] Array on_hypercube(const Array& u, int threads, const F& f) {
    Array out(u.shape(0));
    const double* in = u.data();
    double* to = out.mutable_data();
    for_each_point(static_cast<std::size_t>(u.shape(0)), threads, [&](std::size_t i) { to[i] = f(in + 4 * i); });
    return out;
}

inline void require_equal_lengths(const Array& a, const Array& b) {
    if (a.ndim() != 1 || b.ndim() != 1 || a.size() != b.size()) {
        throw std::invalid_argument("arrays must be one-dimensional and of equal length");
    }
}

/// (value, error, evaluations, status) of kernel(i) for i in [0, n).
template <class Kernel>
[[nodiscard]] py::tuple estimates_at(std::size_t n, int threads, const Kernel& kernel) {
    static_assert(noexcept(kernel(n)), "kernels must not throw: they report through Estimate");
    const auto length = static_cast<py::ssize_t>(n);
    py::array_t<double> value(length);
    py::array_t<double> error(length);
    py::array_t<std::int64_t> evaluations(length);
    py::array_t<std::uint8_t> status(length);
    double* out_value = value.mutable_data();
    double* out_error = error.mutable_data();
    std::int64_t* out_evaluations = evaluations.mutable_data();
    std::uint8_t* out_status = status.mutable_data();
    for_each_point(n, threads, [&](std::size_t i) {
        const Estimate e = kernel(i);
        out_value[i] = e.value;
        out_error[i] = e.error;
        out_evaluations[i] = e.evaluations;
        out_status[i] = static_cast<std::uint8_t>(e.status);
    });
    return py::make_tuple(value, error, evaluations, status);
}

/// The same of kernel(a[i], b[i]).
template <class Kernel>
[[nodiscard]] py::tuple estimates(const Array& a, const Array& b, int threads, const Kernel& kernel) {
    static_assert(noexcept(kernel(0.0, 0.0)), "kernels must not throw: they report through Estimate");
    require_equal_lengths(a, b);
    const double* in_a = a.data();
    const double* in_b = b.data();
    return estimates_at(static_cast<std::size_t>(a.size()), threads,
                        [&](std::size_t i) noexcept { return kernel(in_a[i], in_b[i]); });
}

}  // namespace pheno::bindings
