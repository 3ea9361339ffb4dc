/// Unweighted events, and their weight on the unit hypercube.
#include <cstring>
#include <optional>
#include <type_traits>
#include <vector>

#include "common.hpp"
#include "pheno/event_sampler.hpp"

namespace {

using namespace pheno;
using namespace pheno::bindings;

/// d sigma/du of the map that the events are made with.
Array event_weights_py(const Array& u, const std::string& mediator, double mass, double energy, double lepton_mass,
                       double nuclear_mass, const std::string& form_factor, double Z, double A, double electron_mass,
                       double alpha, double x_min, double x_max, double c_l, double c_gamma, double c_N, int threads) {
    require_hypercube(u);
    const FormFactor G2 = form_factor_named(form_factor, Z, A, electron_mass);
    return with_amplitude(mediator_named(mediator), {{c_l, c_gamma, c_N}, false}, [&](const auto& amplitude) {
        const EtlProcess<std::decay_t<decltype(amplitude)>> process{
            make_reaction(lepton_mass, nuclear_mass, mass, energy), G2, amplitude};
        const EventMap<std::decay_t<decltype(amplitude)>> map(process, alpha, x_min, x_max);
        return on_hypercube(u, threads, [&](const double* point) { return map.weight(point); });
    });
}

/// Where the events go: three arrays of rows (E, p_x, p_y, p_z), and the nucleus by its position in the list.
struct Output {
    explicit Output(py::ssize_t n)
        : lepton({n, py::ssize_t{4}}), mediator({n, py::ssize_t{4}}), nucleus({n, py::ssize_t{4}}), atom(n) {}
    Array lepton, mediator, nucleus;
    py::array_t<std::int64_t> atom;
};

/// Events in blocks, each with a tally of its own, so that sums do not depend on the number of threads.
template <class Sampler>
SamplingTally fill(Output& out, const std::vector<std::optional<Sampler>>& samplers, const Array& shares, std::size_t n,
                   PhiloxKey key, int threads) {
    constexpr std::size_t block = 1024;
    std::vector<SamplingTally> tallies((n + block - 1) / block);
    double* rows[] = {out.lepton.mutable_data(), out.mediator.mutable_data(), out.nucleus.mutable_data()};
    std::int64_t* atoms = out.atom.mutable_data();
    const double* share = shares.data();
    for_each_point(tallies.size(), threads, [&](std::size_t j) {
        for (std::size_t i = j * block; i < std::min(n, (j + 1) * block); ++i) {
            const std::size_t atom = draw_nucleus(share, samplers.size(), i, key);
            EventMomenta momenta{};
            if (!samplers[atom]->event(i, key, momenta, tallies[j])) return;
            std::memcpy(rows[0] + 4 * i, momenta.lepton.data(), sizeof momenta.lepton);
            std::memcpy(rows[1] + 4 * i, momenta.mediator.data(), sizeof momenta.mediator);
            std::memcpy(rows[2] + 4 * i, momenta.nucleus.data(), sizeof momenta.nucleus);
            atoms[i] = static_cast<std::int64_t>(atom);
        }
    });
    SamplingTally sum;
    for (const SamplingTally& tally : tallies) sum.add(tally);
    return sum;
}

template <class Sampler>
py::tuple controls(const std::vector<std::optional<Sampler>>& samplers) {
    const auto n = static_cast<py::ssize_t>(samplers.size());
    Array integral(n), error(n), overweight(n), efficiency(n);
    py::array_t<std::uint8_t> status(n);
    for (py::ssize_t i = 0; i < n; ++i) {
        const SamplingControl& control = samplers[static_cast<std::size_t>(i)]->control();
        integral.mutable_data()[i] = control.integral;
        error.mutable_data()[i] = control.error;
        overweight.mutable_data()[i] = control.overweight;
        efficiency.mutable_data()[i] = control.efficiency;
        status.mutable_data()[i] = static_cast<std::uint8_t>(control.status);
    }
    return py::make_tuple(integral, error, overweight, efficiency, status);
}

py::tuple sample_events_py(std::int64_t n, const std::string& mediator, double mass, double energy, double lepton_mass,
                           const Array& nuclear_masses, const std::string& form_factor, const Array& Z, const Array& A,
                           const Array& shares, double electron_mass, double alpha, double x_min, double x_max,
                           double c_l, double c_gamma, double c_N, std::uint64_t seed, int threads) {
    require_equal_lengths(nuclear_masses, Z);
    require_equal_lengths(Z, A);
    require_equal_lengths(A, shares);
    const auto count = static_cast<std::size_t>(Z.size());
    std::vector<FormFactor> forms;
    for (py::ssize_t i = 0; i < Z.size(); ++i) {
        forms.push_back(form_factor_named(form_factor, Z.data()[i], A.data()[i], electron_mass));
    }
    const PhiloxKey key{static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32)};
    const double* masses = nuclear_masses.data();
    return with_amplitude(mediator_named(mediator), {{c_l, c_gamma, c_N}, false}, [&](const auto& amplitude) {
        using Amplitude = std::decay_t<decltype(amplitude)>;
        std::vector<std::optional<EventSampler<Amplitude>>> samplers(count);
        for_each_point(count, threads, [&](std::size_t i) {
            const EtlProcess<Amplitude> process{make_reaction(lepton_mass, masses[i], mass, energy), forms[i],
                                                amplitude};
            samplers[i].emplace(process, alpha, x_min, x_max, SamplingOptions{});
        });
        const py::tuple control = controls(samplers);
        bool ready = true;
        for (const auto& sampler : samplers) ready = ready && sampler->control().status == Status::converged;
        Output out(ready ? static_cast<py::ssize_t>(n) : 0);
        SamplingTally tally;
        if (ready) tally = fill(out, samplers, shares, static_cast<std::size_t>(n), key, threads);
        return py::make_tuple(out.lepton, out.mediator, out.nucleus, out.atom, control,
                              py::make_tuple(tally.accepted, tally.trials, tally.excess, tally.exhausted));
    });
}

}  // namespace

void bind_events(py::module_& m) {
    using py::arg;
    const py::kw_only only;
    m.def("event_weights", &event_weights_py, arg("u"), only, arg("mediator"), arg("mass"), arg("energy"),
          arg("lepton_mass"), arg("nuclear_mass"), arg("form_factor"), arg("Z"), arg("A"), arg("electron_mass"),
          arg("alpha"), arg("x_min"), arg("x_max"), arg("c_l"), arg("c_gamma"), arg("c_N"), arg("threads"),
          "Weight of the events on the unit hypercube, u of shape (n, 4); its integral is sigma at unit coupling "
          "[GeV^-2].");
    m.def("sample_events", &sample_events_py, arg("n"), only, arg("mediator"), arg("mass"), arg("energy"),
          arg("lepton_mass"), arg("nuclear_masses"), arg("form_factor"), arg("Z"), arg("A"), arg("shares"),
          arg("electron_mass"), arg("alpha"), arg("x_min"), arg("x_max"), arg("c_l"), arg("c_gamma"), arg("c_N"),
          arg("seed"), arg("threads"),
          "n events on nuclei drawn by their shares: momenta (E, p_x, p_y, p_z) [GeV] of lepton, mediator and nucleus, "
          "index of the nucleus, controls per nucleus (integral, error, overweight, efficiency, status), "
          "(accepted, trials, excess, exhausted).  No events where a control failed.");
}
