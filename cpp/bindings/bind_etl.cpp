/// Exact-tree-level cross sections: totals, and the same integrand for other integrators.
#include "common.hpp"
#include "pheno/etl.hpp"
#include "pheno/etl_integrand.hpp"

namespace {

using namespace pheno;
using namespace pheno::bindings;

py::tuple etl_total_py(const Array& mass, const Array& energy, const std::string& mediator, double lepton_mass,
                       double nuclear_mass, const std::string& form_factor, double Z, double A, double electron_mass,
                       double alpha, double x_min, double x_max, double c_l, double c_gamma, double c_N,
                       bool conserved_part_only, double rtol, int threads) {
    const FormFactor G2 = form_factor_named(form_factor, Z, A, electron_mass);
    return with_amplitude(mediator_named(mediator), {{c_l, c_gamma, c_N}, conserved_part_only},
                          [&](const auto& amplitude) {
                              return estimates(mass, energy, threads, [&](double m_X, double E) noexcept {
                                  const EtlProcess<std::decay_t<decltype(amplitude)>> process{
                                      make_reaction(lepton_mass, nuclear_mass, m_X, E), G2, amplitude};
                                  return etl_total(process, alpha, x_min, x_max, rtol);
                              });
                          });
}

Array etl_integrand_py(const Array& u, const std::string& mediator, double mass, double energy, double lepton_mass,
                       double nuclear_mass, const std::string& form_factor, double Z, double A, double electron_mass,
                       double alpha, double x_min, double x_max, double c_l, double c_gamma, double c_N, int threads) {
    require_hypercube(u);
    const FormFactor G2 = form_factor_named(form_factor, Z, A, electron_mass);
    return with_amplitude(mediator_named(mediator), {{c_l, c_gamma, c_N}, false}, [&](const auto& amplitude) {
        const EtlProcess<std::decay_t<decltype(amplitude)>> process{
            make_reaction(lepton_mass, nuclear_mass, mass, energy), G2, amplitude};
        return on_hypercube(
            u, threads, [&](const double* point) { return etl_integrand(process, alpha, x_min, x_max, point).value; });
    });
}

/// The same with what can be seen in the laboratory: rows (f, E_X, theta, psi, t).
Array etl_integrand_points_py(const Array& u, const std::string& mediator, double mass, double energy,
                              double lepton_mass, double nuclear_mass, const std::string& form_factor, double Z,
                              double A, double electron_mass, double alpha, double x_min, double x_max, double c_l,
                              double c_gamma, double c_N, int threads) {
    require_hypercube(u);
    const FormFactor G2 = form_factor_named(form_factor, Z, A, electron_mass);
    Array out({u.shape(0), py::ssize_t{5}});
    const double* in = u.data();
    double* to = out.mutable_data();
    with_amplitude(mediator_named(mediator), {{c_l, c_gamma, c_N}, false}, [&](const auto& amplitude) {
        const EtlProcess<std::decay_t<decltype(amplitude)>> process{
            make_reaction(lepton_mass, nuclear_mass, mass, energy), G2, amplitude};
        for_each_point(static_cast<std::size_t>(u.shape(0)), threads, [&](std::size_t i) {
            const IntegrandPoint v = etl_integrand(process, alpha, x_min, x_max, in + 4 * i);
            const double row[] = {v.value, v.EX, v.theta, v.psi, v.t};
            std::copy(std::begin(row), std::end(row), to + 5 * i);
        });
        return 0;
    });
    return out;
}

Array threshold_energy_py(const Array& mass, double lepton_mass, double nuclear_mass) {
    Array out(mass.size());
    for (py::ssize_t i = 0; i < mass.size(); ++i) {
        out.mutable_data()[i] = threshold_energy(lepton_mass, nuclear_mass, mass.data()[i]);
    }
    return out;
}

/// (smallest, largest) mediator energy; both 0 below threshold.
py::tuple energy_limits_py(const Array& mass, const Array& energy, double lepton_mass, double nuclear_mass) {
    require_equal_lengths(mass, energy);
    Array low(mass.size()), high(mass.size());
    for (py::ssize_t i = 0; i < mass.size(); ++i) {
        const double m_X = mass.data()[i], E = energy.data()[i];
        const EnergyRange range = energy_range(make_reaction(lepton_mass, nuclear_mass, m_X, E));
        low.mutable_data()[i] = range.open ? m_X + range.kinetic_min : 0.0;
        high.mutable_data()[i] = range.open ? E - lepton_mass - range.recoil_min : 0.0;
    }
    return py::make_tuple(low, high);
}

/// s, U, t1, PD, G1, G2, Gk and L at points given as in tests/references/amplitudes.csv; shape (n, 8).
Array amplitude_points_py(const Array& points, const std::string& mediator, double c_l, double c_gamma, double c_N) {
    if (points.ndim() != 2 || points.shape(1) != 9) throw std::invalid_argument("points must have shape (n, 9)");
    Array out({points.shape(0), py::ssize_t{8}});
    const double* in = points.data();
    double* to = out.mutable_data();
    const auto n = static_cast<std::size_t>(points.shape(0));
    with_amplitude(mediator_named(mediator), {{c_l, c_gamma, c_N}, false}, [&](const auto& amplitude) {
        for (std::size_t i = 0; i < n; ++i, in += 9, to += 8) {
            const Reaction<double> c = make_reaction(in[0], in[1], in[2], in[3]);
            const EnergyShare<double> share =
                in[4] != 0.0 ? share_from_recoil(c, in[5]) : share_from_mediator(c, in[5]);
            const Recoil<double> recoil = make_recoil(c, share, in[6]);
            const double half = std::sin(in[8] / 2);
            const Point<double> v = make_point(c, share, recoil, make_decay(c, share, recoil, in[7]), 2 * half * half);
            const double row[] = {v.s, v.U, v.t1, v.PD, v.G1, v.G2, v.Gk, amplitude.at(c, v)};
            std::copy(std::begin(row), std::end(row), to);
        }
        return 0;
    });
    return out;
}

/// L at points of the pair frame: rows (m, M, m_X, E, t, eta, b, rest, 1 - cos phi), as etl_total evaluates it.
Array pair_points_py(const Array& points, const std::string& mediator, double c_l, double c_gamma, double c_N) {
    if (points.ndim() != 2 || points.shape(1) != 9) throw std::invalid_argument("points must have shape (n, 9)");
    Array out(points.shape(0));
    const double* in = points.data();
    double* to = out.mutable_data();
    const auto n = static_cast<std::size_t>(points.shape(0));
    with_amplitude(mediator_named(mediator), {{c_l, c_gamma, c_N}, false}, [&](const auto& amplitude) {
        for (std::size_t i = 0; i < n; ++i, in += 9) {
            const Reaction<double> c = make_reaction(in[0], in[1], in[2], in[3]);
            const Exchange<double> x = make_exchange(c, in[4]);
            const PairFrame<double> y = make_pair_frame(c, x, std::sinh(in[5] / 2), std::cosh(in[5] / 2));
            to[i] = pair_squared_at(amplitude, c, x, y, etl::beam_axis(c, y), in[6], in[7], in[8]);
        }
        return 0;
    });
    return out;
}

}  // namespace

void bind_etl(py::module_& m) {
    using py::arg;
    const py::kw_only only;
    m.attr("MEDIATORS") = as_tuple(mediator_names);
    m.def("etl_total", &etl_total_py, arg("mass"), arg("energy"), only, arg("mediator"), arg("lepton_mass"),
          arg("nuclear_mass"), arg("form_factor"), arg("Z"), arg("A"), arg("electron_mass"), arg("alpha"), arg("x_min"),
          arg("x_max"), arg("c_l"), arg("c_gamma"), arg("c_N"), arg("conserved_part_only"), arg("rtol"), arg("threads"),
          "sigma at unit coupling [GeV^-2]: (value, error, evaluations, status).");
    m.def("etl_integrand", &etl_integrand_py, arg("u"), only, arg("mediator"), arg("mass"), arg("energy"),
          arg("lepton_mass"), arg("nuclear_mass"), arg("form_factor"), arg("Z"), arg("A"), arg("electron_mass"),
          arg("alpha"), arg("x_min"), arg("x_max"), arg("c_l"), arg("c_gamma"), arg("c_N"), arg("threads"),
          "Integrand on the unit hypercube, u of shape (n, 4); its integral is sigma at unit coupling [GeV^-2].");
    m.def("etl_integrand_points", &etl_integrand_points_py, arg("u"), only, arg("mediator"), arg("mass"), arg("energy"),
          arg("lepton_mass"), arg("nuclear_mass"), arg("form_factor"), arg("Z"), arg("A"), arg("electron_mass"),
          arg("alpha"), arg("x_min"), arg("x_max"), arg("c_l"), arg("c_gamma"), arg("c_N"), arg("threads"),
          "The same with rows (integrand, E_X, theta, psi, t): angles of mediator and lepton with the beam.");
    m.def("threshold_energy", &threshold_energy_py, arg("mass"), only, arg("lepton_mass"), arg("nuclear_mass"),
          "Beam energy at which the reaction opens [GeV].");
    m.def("energy_limits", &energy_limits_py, arg("mass"), arg("energy"), only, arg("lepton_mass"), arg("nuclear_mass"),
          "(smallest, largest) mediator energy [GeV], 0 below threshold.");
    m.def("amplitude_points", &amplitude_points_py, arg("points"), only, arg("mediator"), arg("c_l"), arg("c_gamma"),
          arg("c_N"), "s, U, t1, PD, G1, G2, Gk, L at rows (m, M, m_X, E, from_recoil, kinetic energy, t, z, phi).");
    m.def("pair_points", &pair_points_py, arg("points"), only, arg("mediator"), arg("c_l"), arg("c_gamma"), arg("c_N"),
          "L at rows (m, M, m_X, E, t, eta, b, 2 - b, 1 - cos phi), b = 1 - |cos| about Q from the side of p.");
}
