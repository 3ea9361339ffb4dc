/// Loops over points, with the GIL released, in any number of threads.
///
/// Every point is computed on its own and written to its own slot, so the result has the same bits for
/// any number of threads.  Ctrl-C is noticed within a tenth of a second.
#pragma once

#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <thread>
#include <vector>

namespace pheno::bindings {

namespace py = pybind11;

/// One-dimensional, contiguous, double: Python broadcasts and validates before it calls.
using Array = py::array_t<double, py::array::c_style | py::array::forcecast>;

/// Asks Python now and then whether the user pressed Ctrl-C.  To be used by the calling thread only.
class InterruptCheck {
public:
    /// True if a signal handler raised; the exception is then pending in Python.
    [[nodiscard]] bool interrupted() {
        const auto now = std::chrono::steady_clock::now();
        if (now - last_ < std::chrono::milliseconds(50)) return false;
        last_ = now;
        const py::gil_scoped_acquire acquire;
        return PyErr_CheckSignals() != 0;
    }

private:
    std::chrono::steady_clock::time_point last_ = std::chrono::steady_clock::now();
};

/// Call body(i) for i in [0, n).  `body` must not touch Python and must not throw.
template <class Body>
void for_each_point(std::size_t n, int threads, Body&& body) {
    bool interrupted = false;
    {
        const py::gil_scoped_release release;  // no Python object is touched below, except in InterruptCheck
        InterruptCheck check;
        std::atomic<std::size_t> next{0};
        std::atomic<bool> stop{false};
        const auto work = [&] {
            for (std::size_t i = next++; i < n && !stop; i = next++) body(i);
        };
        std::vector<std::thread> helpers;
        const std::size_t wanted = threads < 1 ? 1 : static_cast<std::size_t>(threads);
        for (std::size_t j = 1; j < std::min(wanted, n); ++j) helpers.emplace_back(work);
        for (std::size_t i = next++; i < n && !stop; i = next++) {
            body(i);
            if (check.interrupted()) {
                interrupted = true;
                stop = true;
            }
        }
        for (std::thread& helper : helpers) helper.join();
    }
    if (interrupted) throw py::error_already_set();
}

}  // namespace pheno::bindings
