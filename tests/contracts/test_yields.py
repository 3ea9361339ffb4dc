"""Laws of yields and reach that hold for every experiment and model."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import integrate, special

import pheno
from pheno import experiments, models
from pheno.constants import AVOGADRO, ELEMENTARY_CHARGE
from pheno.errors import DomainError
from pheno.experiments import experiment
from pheno.track_length import cumulative_track_length, energy_loss, track_length

LEPTONIC = [name for name in experiments.names() if experiments.resolve(name).target is not None]
INVISIBLE = {"e": models.model("dark_photon", dark_matter="complex_scalar"), "m": models.resolve("lmu_minus_ltau")}
SPINS = ["scalar_universal", "pseudoscalar_universal", "dark_photon", "axial_vector", "tensor_universal"]


def slowed(name, slowing):
    """The experiment with another treatment of what happens in its target."""
    found = experiments.resolve(name)
    return replace(found, target=replace(found.target, slowing=slowing))


def theory(name):
    """A model that the experiment can see."""
    found = experiments.resolve(name)
    return models.resolve("dark_photon") if found.signature.is_visible else INVISIBLE[found.beam.name[0]]


def coupling_in_reach(name, mass=0.02):
    found = pheno.reach(name, theory(name), [mass])
    return 1.2 * found.lower[0]


@pytest.mark.parametrize("name", LEPTONIC)
def test_each_stage_is_part_of_the_one_before(name):
    found = pheno.expected_events(name, theory(name), [0.005, 0.02, 0.1], coupling=coupling_in_reach(name))
    setup = experiments.resolve(name)
    assert np.all(found.produced <= setup.exposure)
    for later, earlier in (("decayed", "produced"), ("accepted", "decayed"), ("selected", "accepted")):
        assert np.all(getattr(found, later) <= getattr(found, earlier) * (1 + 1e-12))
    assert np.all(found.selected > 0.0)
    efficiency = setup.signature.efficiency_at([0.005, 0.02, 0.1])
    assert found.selected == pytest.approx(found.accepted * efficiency, rel=1e-12)


@pytest.mark.parametrize("name", LEPTONIC)
def test_yield_scales_with_exposure(name):
    g = coupling_in_reach(name)
    one, three = (
        pheno.expected_events(experiment(name, exposure=n * 1e12), theory(name), 0.02, coupling=g) for n in (1, 3)
    )
    for stage in ("produced", "decayed", "accepted", "selected"):
        assert getattr(three, stage) == pytest.approx(3.0 * getattr(one, stage), rel=1e-12)


@pytest.mark.parametrize("name", LEPTONIC)
def test_yield_vanishes_with_coupling_and_production_goes_with_its_square(name):
    g = coupling_in_reach(name)
    found = pheno.expected_events(name, theory(name), 0.02, coupling=[0.0, g, 2 * g])
    assert found.produced[0] == found.selected[0] == 0.0
    assert found.produced[2] == pytest.approx(4.0 * found.produced[1], rel=1e-12)


@pytest.mark.parametrize("name", ["na64e", "na64mu", "m3", "ldmx"])
def test_limit_without_background_goes_with_the_root_of_the_exposure(name):
    """A hundredth of the exposure: ten times the coupling, decays to dark matter being certain."""
    low, high = (pheno.reach(experiment(name, exposure=n), theory(name), [0.01]) for n in (1e10, 1e12))
    background = experiments.resolve(name).counts.background
    scale = low.limit / high.limit
    assert low.lower[0] / high.lower[0] == pytest.approx(10.0 * np.sqrt(scale), rel=1e-3)
    if background == 0.0:
        assert scale == 1.0


@pytest.mark.parametrize("name", ["e137", "na64e_visible_2018"])
def test_long_lived_visible_decays_go_with_the_fourth_power(name):
    found = pheno.expected_events(name, "dark_photon", 0.01, epsilon=[1e-9, 2e-9])
    assert found.selected[1] / found.selected[0] == pytest.approx(16.0, rel=1e-6)


@pytest.mark.parametrize("model", SPINS)
@pytest.mark.parametrize("name", ["na64e", "ldmx_8gev", "na64mu", "m3"])
def test_every_spin_has_a_yield_by_missing_energy(name, model):
    dark = models.model(model, dark_matter="dirac", ratio=3.0)
    found = pheno.expected_events(name, dark, [0.05, 0.2], coupling=1e-4)
    assert np.all(found.selected > 0.0)
    if model != "tensor_universal":  # c/Lambda has a dimension: light tensors are not made more often
        assert found.produced[0] > found.produced[1]


@pytest.mark.parametrize("name", ["na64e", "e137", "na64mu"])
def test_spectrum_and_totals_make_the_same_number(name):
    """Two ways to the number of mediators: windows of totals, and sums over the spectrum."""
    from pheno import production

    setup, model = experiments.resolve(name), models.resolve("dark_photon")
    mass = np.array([0.002, 0.02, 0.2])
    by_total = production.totals(setup, model, mass, rtol=1e-4, threads=2, table=None).total
    by_energy = production.spectra(setup, model, mass, rtol=1e-4, threads=2).total
    assert by_energy == pytest.approx(by_total, rel=1e-3)


def test_thin_target_by_hand():
    setup = experiments.resolve("ldmx")
    sigma = pheno.cross_section("vector", 0.05, 16.0, target="Al", x_min=0.7, unit="cm2", epsilon=1e-5)
    atoms = setup.target.material.density_g_cm3 * AVOGADRO / 26.982 * 3.56
    found = pheno.expected_events("ldmx", INVISIBLE["e"], 0.05, epsilon=1e-5)
    assert found.produced == pytest.approx(1e15 * atoms * sigma, rel=1e-3)


TABLE = """
schema = 1
name = "thin"
description = "the thin target of LDMX"
source = ["Tsai:1973py"]

[beam]
particle = "e-"

[target]
nucleus = "Al"

[process]
mediators = ["vector"]
method = "etl"
form_factor = "tsai"
x_min = [0.7]

[grid]
mass = ["10 MeV", "200 MeV"]
energy = ["15 GeV", "17 GeV"]
light_nodes = [12, 8]
threshold_nodes = [12, 8]
rtol = 1e-4
interpolation_error = 1e-3

[output]
formats = ["pht"]
"""


def test_a_table_is_used_where_it_fits_and_says_so(tmp_path):
    spec = tmp_path / "thin.toml"
    spec.write_text(TABLE)
    pheno.build_table(spec, tmp_path / "thin")
    inside, outside = [0.02, 0.05, 0.15], [0.005, 0.05]
    from_table = pheno.expected_events("ldmx", INVISIBLE["e"], inside, epsilon=1e-5, tables=tmp_path / "thin")
    computed = pheno.expected_events("ldmx", INVISIBLE["e"], inside, epsilon=1e-5)
    assert from_table.cross_sections.startswith("table of vector, interpolation error")
    assert computed.cross_sections.startswith("computed")
    assert from_table.selected == pytest.approx(computed.selected, rel=2e-3)
    for options in ({"mass": outside}, {"mass": inside, "rtol": 1e-6}):
        found = pheno.expected_events(
            "ldmx", INVISIBLE["e"], options.pop("mass"), epsilon=1e-5, tables=tmp_path / "thin", **options
        )
        assert found.cross_sections.startswith("computed")
    slowed = pheno.expected_events("na64e", INVISIBLE["e"], inside, epsilon=1e-5, tables=tmp_path / "thin")
    assert slowed.cross_sections.startswith("computed")


def test_tables_that_are_not_there_are_refused(tmp_path):
    for model in ("dark_photon", models.model("dark_photon", dark_matter="dirac")):
        with pytest.raises(DomainError, match="tables must be a lookup table or a folder of them, got .*absent'"):
            pheno.expected_events("na64e", model, 0.1, tables=tmp_path / "absent")


def test_many_masses_are_as_good_as_one():
    """Above forty masses a polynomial in the mass, tested between its nodes, replaces the calculation at each."""
    masses = np.geomspace(0.002, 0.5, 60)
    for name in ("na64e", "na64mu"):
        many = pheno.expected_events(name, theory(name), masses, coupling=1e-4)
        assert "between them to" in many.cross_sections
        few = pheno.expected_events(name, theory(name), masses[::9], coupling=1e-4)
        assert many.selected[::9] == pytest.approx(few.selected, rel=2e-3)


def test_many_masses_where_a_part_of_the_spectrum_closes():
    """Next to x = 1 the lowest energies close before the heaviest mass: only that column is calculated at each."""
    masses = np.geomspace(2e-3, 0.5, 46)
    many = pheno.yields.response("e137", "tensor_universal", masses)
    assert "between them to" in many.production.source
    few = pheno.yields.response("e137", "tensor_universal", masses[::9])
    assert np.any(few.production.numbers == 0.0)
    assert many.production.numbers[::9] == pytest.approx(few.production.numbers, rel=2e-3, abs=0.0)


@pytest.mark.parametrize(("name", "accuracy"), [("na64e", 1e-3), ("na64e_visible_2018", 1e-3), ("e137", 7e-3)])
def test_energies_of_the_electron_are_enough(name, accuracy, monkeypatch):
    """Events with the energies of the default against 24, beyond what the decays make impossible."""
    setup, masses = experiments.resolve(name), [2e-3, 0.02]
    few = pheno.expected_events(setup, theory(name), masses, epsilon=1e-6, rtol=1e-5).decayed
    monkeypatch.setattr(pheno.production, "track_length", lambda found: track_length(found, 24))
    assert few == pytest.approx(
        pheno.expected_events(setup, theory(name), masses, epsilon=1e-6, rtol=1e-5).decayed, rel=accuracy
    )


@pytest.mark.parametrize("y", [1e-9, 1e-3, 0.1, 0.69, 2.3])
@pytest.mark.parametrize("thickness", [0.1, 1.0, 40.0])
def test_track_length_is_the_integral_of_tsais_formula(y, thickness):
    b = 4.0 / 3.0
    points = [edge for edge in (0.01, 0.1, 0.5, 3.0) if edge < b * thickness]
    inner = integrate.quad(
        lambda s: special.gammainc(s, y), 0.0, b * thickness, epsabs=0, epsrel=1e-10, points=points or None, limit=400
    )
    assert float(cumulative_track_length(np.array(y), thickness)) == pytest.approx(inner[0] / b, rel=1e-8)


def test_incomplete_gamma_is_the_integral_of_the_straggling():
    """The cumulative form against I(E0, E, t) itself, at a depth where it is not singular."""
    b, t, y = 4.0 / 3.0, 1.5, 0.8
    inside = integrate.quad(lambda u: np.exp(-u) * u ** (b * t - 1) / special.gamma(b * t), 0.0, y)[0]
    step = 1e-5
    slope = (cumulative_track_length(np.array(y), t + step) - cumulative_track_length(np.array(y), t - step)) / (
        2 * step
    )
    assert float(slope) == pytest.approx(inside, rel=1e-6)


@pytest.mark.parametrize(("slowing", "total"), [("straggling", 0.870), ("shower", 0.914)])
def test_nodes_of_the_track_length_integrate_powers_of_the_energy(slowing, total):
    setup = slowed("na64e", slowing)
    nodes = [track_length(setup, count) for count in (8, 24)]
    for power in (0.0, 0.5, 2.0):
        few, many = (float(np.sum(n.lengths_cm * n.energies**power)) for n in nodes)
        assert few == pytest.approx(many, rel=1e-4)
        # cross sections vanish at the least energy
        few, many = (float(np.sum(n.lengths_cm * n.energies**power * np.sqrt(n.energies - 50.0))) for n in nodes)
        assert few == pytest.approx(many, rel=1e-4 if slowing == "shower" else 5e-4)
    assert nodes[0].total_cm == pytest.approx(total * setup.target.material.radiation_length_cm, rel=1e-3)


@pytest.mark.parametrize("slowing", ["straggling", "shower"])
def test_depths_of_the_tracks(slowing):
    """Deeper the less energy is left, inside of the target, and stretched with what lies between its layers."""
    setup = slowed("na64e_visible_2017", slowing)
    plain = replace(setup, target=replace(setup.target, stretch=1.0))
    track, dense = track_length(setup), track_length(plain)
    mean = track.depths_cm.mean(axis=1)
    assert np.all(np.diff(mean) > 0.0)
    assert np.all((track.depths_cm >= 0.0) & (track.depths_cm < 17.0))
    assert track.depths_cm == pytest.approx(dense.depths_cm * 17.0 / setup.target.length_cm, rel=1e-12)


def test_depths_of_straggling_are_those_of_tsais_formula():
    """Moments of the depth at one energy, over I(E0, E, t) itself."""
    setup = slowed("na64e", "straggling")
    track = track_length(setup)

    def moment(n, y, b=4.0 / 3.0):
        return integrate.quad(lambda t: t**n * y ** (b * t - 1.0) / special.gamma(b * t), 0.0, 40.0, limit=400)[0]

    for energy, two in zip(track.energies[2:], track.depths_cm[2:], strict=True):
        moments = [moment(n, np.log(100.0 / energy)) for n in range(3)]
        mean = moments[1] / moments[0]
        spread = np.sqrt(moments[2] / moments[0] - mean**2)
        x0 = setup.target.material.radiation_length_cm
        assert two == pytest.approx([max(mean - spread, 0.0) * x0, (mean + spread) * x0], rel=1e-5, abs=1e-9)


def test_depth_of_production_helps_short_lived_mediators():
    """Made deeper in the calorimeter they have less of it before them: 17 cm against decay lengths of 4 cm."""
    card = experiments.resolve("na64e_visible_2018")
    coupling = 7e-4 * ELEMENTARY_CHARGE
    response = pheno.yields.response(card, "dark_photon", [0.0167])
    none = replace(response, production=replace(response.production, depths_m=0.0 * response.production.depths_m))
    decayed, without = (r.events(np.array([coupling]))[1][0] for r in (response, none))
    lengths = response._lengths(np.array([coupling**2]))[0]
    # by hand: each depth by itself instead of a common factor
    edges = 0.17 - response.production.depths_m[0]
    chance = np.exp(-edges / lengths[:, None]).mean(axis=1) * (1.0 - np.exp(-3.5 / lengths))
    by_hand = coupling**2 * np.sum(response.production.numbers[0] * chance)
    assert decayed == pytest.approx(by_hand * float(response._share(np.array([coupling**2]))[0]), rel=1e-9)
    assert 1.05 < decayed / without < 1.5
    # and nothing where decays are rare
    weak = [r.events(np.array([1e-6]))[1][0] for r in (response, none)]
    assert weak[0] == pytest.approx(weak[1], rel=1e-3)


def test_straggling_is_not_one_radiation_length():
    """Between the cut and the beam energy tracks add up to 0.9 X0, and fewer mediators are made on the way."""
    thick = pheno.expected_events("na64e", INVISIBLE["e"], 0.01, epsilon=1e-4).produced
    x0 = experiments.resolve("na64e").target.material
    sigma = pheno.cross_section("vector", 0.01, 100.0, x_min=0.5, unit="cm2", epsilon=1e-4)
    thin = 9.37e11 * sigma * x0.radiation_length_cm * x0.density_g_cm3 * AVOGADRO / x0.mean_atomic_weight
    assert 0.6 < thick / thin < 0.87


def test_muons_lose_little():
    for name, share in (("na64mu", 0.01), ("m3", 0.05)):
        setup = experiments.resolve(name)
        track = track_length(setup)
        assert track.total_cm == pytest.approx(setup.target.length_cm, rel=1e-12)
        assert np.all(np.diff(track.energies) < 0.0)
        assert setup.energy * (1 - share) < track.energies[-1] < setup.energy
    loss = energy_loss(setup.target.material, setup.beam, 15.0, 727e-9)
    assert 1.1e-3 < loss < 2.0e-3  # minimum in tungsten: 1.145 MeV cm2/g (PDG)


def test_shape_and_broadcasting():
    found = pheno.expected_events("na64e", INVISIBLE["e"], [[0.01], [0.1]], epsilon=[1e-5, 1e-4, 1e-3])
    assert found.selected.shape == (2, 3)
    single = pheno.expected_events("na64e", INVISIBLE["e"], 0.1, epsilon=1e-4)
    assert isinstance(single.selected, float)
    assert single.selected == pytest.approx(found.selected[1, 1], rel=1e-12)
    assert pheno.expected_events("na64e", INVISIBLE["e"], [], epsilon=1e-4).selected.shape == (0,)


def test_threads_do_not_matter():
    one, two = (
        pheno.expected_events("e137", "dark_photon", [0.01, 0.1], epsilon=1e-6, threads=n).selected for n in (1, 2)
    )
    assert one.tolist() == two.tolist()


def test_edges_are_where_the_events_equal_the_limit():
    for name, mass in (("e137", 0.02), ("na64e", 0.02)):
        found = pheno.reach(name, theory(name), [mass])
        for edge in found.intervals[0][0]:
            if np.isfinite(edge):
                events = pheno.expected_events(name, theory(name), mass, coupling=edge).selected
                assert events == pytest.approx(found.limit, rel=1e-8)


def test_no_sensitivity_is_an_answer():
    found = pheno.reach("e137", "dark_photon", [0.02, 0.8, 30.0])
    assert found.sensitive.tolist() == [True, False, False]
    assert found.lower.tolist()[1:] == [np.inf, np.inf]
    assert found.upper.tolist()[1:] == [0.0, 0.0]
    assert len(found.contour()[0]) == 1


def test_a_narrow_island_is_found():
    """Just below the tip of the region the interval is narrower than the scan."""
    masses = np.linspace(0.26, 0.29, 60)
    found = pheno.reach("e137", "dark_photon", masses)
    widths = [high / low for intervals in found.intervals for low, high in intervals]
    assert min(widths) < 10 ** (1 / 12)
    assert np.all(np.diff(found.sensitive.astype(int)) <= 0)  # no holes


def test_planes():
    dark = models.model("dark_photon", dark_matter="complex_scalar", ratio=3.0, alpha_D=0.1)
    found = pheno.reach("na64e", dark, [0.03])
    _, (epsilon,), _ = found.contour("epsilon")
    assert epsilon == pytest.approx(found.lower[0] / ELEMENTARY_CHARGE)
    chi, (y,), _ = found.contour("y")
    assert chi.tolist() == pytest.approx([0.01])
    assert y == pytest.approx(epsilon**2 * 0.1 / 81.0)
    with pytest.raises(DomainError, match="plane 'y' needs dark matter"):
        pheno.reach("na64e", "b_minus_l", [0.03]).contour("y")
    with pytest.raises(DomainError, match="plane must be 'coupling' for 'tensor_universal'"):
        pheno.reach("na64e", models.model("tensor_universal", dark_matter="dirac"), [0.03]).contour("epsilon")


def test_excited_dark_matter_must_leave():
    """With a splitting the heavier state decays inside the detector at large couplings: fewer events.

    Off the beam alone: positrons make fewer of a pair that is heavier.
    """
    card = slowed("na64e", "straggling")
    plain = models.model("dark_photon", dark_matter="pseudo_dirac", ratio=3.0)
    split = models.model("dark_photon", dark_matter="pseudo_dirac", ratio=3.0, splitting=0.4)
    epsilon = [1e-5, 1e-1]
    without, with_ = (pheno.expected_events(card, m, 0.3, epsilon=epsilon).selected for m in (plain, split))
    ratio = with_ / without
    assert ratio[0] == pytest.approx(1.0, abs=2e-2)
    assert ratio[1] < 0.5


@pytest.mark.parametrize(
    ("arguments", "options", "message"),
    [
        (("na64", "dark_photon", 0.1), {}, "experiment must be one of .*did you mean 'na64"),
        (("na64h", "dark_photon", 0.1), {}, "experiment must have a lepton beam and a target, got 'na64h'"),
        (("na64e", "dark_foton", 0.1), {}, "did you mean 'dark_photon'"),
        (("na64e", "dark_photon", -0.1), {}, "mass must be finite and > 0, got -0.1"),
        (("na64e", "dark_photon", 0.1), {"epsilon": 1, "coupling": 1}, "coupling and epsilon must not both be given"),
        (("na64e", "dark_photon", 0.1), {"rtol": 1.0}, "rtol must be between"),
        (("na64e", "scalar_muonphilic", 0.1), {}, "does not couple to the beam of 'na64e'"),
        (
            ("ldmx", "alp_photon", 0.1),
            {},
            "target with slowing = 'shower' for 'alp_photon', which couples to photons only",
        ),
    ],
)
def test_nonsense_is_refused(arguments, options, message):
    with pytest.raises(DomainError, match=message):
        pheno.expected_events(*arguments, **options)


@pytest.mark.parametrize(
    ("masses", "options", "message"),
    [
        (0.1, {}, "masses must be a list of at least one mass"),
        ([], {}, "masses must be a list of at least one mass"),
        ([0.1], {"confidence": 2}, "confidence must be above 0 and below 1"),
        ([0.1], {"largest": -1.0}, "largest must be finite and > 0"),
    ],
)
def test_nonsense_in_reach_is_refused(masses, options, message):
    with pytest.raises(DomainError, match=message):
        pheno.reach("na64e", INVISIBLE["e"], masses, **options)
