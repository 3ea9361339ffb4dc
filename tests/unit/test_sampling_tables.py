"""Sampling tables: built, written, read back, asked; with distributions in closed form in place of the exact ones."""

from __future__ import annotations

from dataclasses import replace
from statistics import NormalDist

import numpy as np
import pytest
import table_fakes
from unit.test_tables_format import DAMAGE, _resign

from pheno import cards
from pheno.errors import CardError, DomainError, TableError
from pheno.tables import SamplingSpec, build_table, load_spec, read_table, spec_names
from pheno.tables.grid import Kinematics
from pheno.tables.quantiles import Distributions, Panels, distributions
from pheno.tables.sampling import rho_nodes
from pheno.tables.sampling_build import _Check, core
from pheno.tables.sampling_text import format_sampling

EXPERIMENTS = ("na64e", "na64mu", "ldmx", "m3", "e137")


@pytest.fixture(scope="module")
def spec():
    """The spec of LDMX, coarser: the stand-in is smooth."""
    return replace(load_spec("ldmx-sampling"), nodes=((10, 6), (12, 14)), x_nodes=16, r_nodes=41, check_points=500)


@pytest.fixture(scope="module")
def built(spec, tmp_path_factory):
    folder = tmp_path_factory.mktemp("tables") / "sampling"
    return build_table(spec, folder, mediators=["vector"], evaluate=table_fakes.density_for(spec))


def vertices(spec, count=2000, seed=3):
    """Masses, energies above threshold and two random numbers."""
    rng = np.random.default_rng(seed)
    mass = np.exp(rng.uniform(*np.log(spec.mass_range), count))
    floor = np.maximum(spec.energy_range[0], 1.001 * spec.kinematics.threshold(mass))
    energy = floor * (spec.energy_range[1] / floor) ** rng.uniform(0.0, 1.0, count)
    return mass, energy, rng.uniform(0.0, 1.0, count), rng.uniform(0.0, 1.0, count)


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_every_experiment_has_a_spec_that_matches_its_totals(name):
    totals, sampling = load_spec(name), load_spec(f"{name}-sampling")
    assert isinstance(sampling, SamplingSpec)
    for key in ("beam", "Z", "A", "mass_range", "energy_range", "mediators", "method", "form_factor"):
        assert getattr(totals, key) == getattr(sampling, key)
    assert sampling.interpolation_error <= 1e-3
    assert f"{name}-sampling" in spec_names()


def test_the_tables_are_the_quantiles_they_were_made_from(spec, built):
    mass, energy, r1, r2 = vertices(spec)
    closed = table_fakes.quantiles_of(spec)
    table = built.tables["vector.icdf_x"]
    x = table(mass, energy, r1)
    # The header holds the maximum over a quarter as many other points. Digits: 5 of values up to 12.
    assert np.abs(closed.r_of_x(mass, energy, x) - r1).max() < 1.5 * table.accuracy.error + 5e-5
    low, high = spec.kinematics.x_range(mass, energy, 0.0)
    assert ((x >= low) & (x <= high)).all()
    inside = (r1 > 0.002) & (r1 < 0.998)  # 500 points measure no further
    for name in ("theta", "psi"):
        table = built.tables[f"vector.icdf_{name}"]
        error = np.abs(closed.r_of_angle(name, mass, energy, x, table(mass, energy, x, r2)) - r2)
        assert error[inside].max() < 1.5 * table.accuracy.error + 5e-5
        assert table.accuracy.error <= 1e-3
        assert table.accuracy.points >= 500


def test_what_is_written_is_read_back(built):
    for name, made in built.tables.items():
        table = read_table(built.directory / f"{name}.pht")
        assert (table.quantity, table.reaction, table.panels) == (made.quantity, made.reaction, made.panels)
        assert (table.accuracy, table.notes, table.kinematics) == (made.accuracy, made.notes, made.kinematics)
        for mine, theirs in zip(made.values, table.values, strict=True):
            assert np.array_equal(mine, theirs)
        assert format_sampling(table) == (built.directory / f"{name}.pht").read_text()


def test_quantiles_rise_with_r_and_reach_the_ends(spec, built):
    mass, energy, r1, _ = vertices(spec, 200)
    r = np.sort(np.concatenate([np.geomspace(1e-12, 0.5, 200), 1.0 - np.geomspace(1e-12, 0.5, 200), [0.0, 1.0]]))
    x = built.tables["vector.icdf_x"](mass[:, None], energy[:, None], r)
    assert (np.diff(x, axis=1) >= 0.0).all()
    middle = built.tables["vector.icdf_x"](mass, energy, r1)
    for name in ("theta", "psi"):
        angle = built.tables[f"vector.icdf_{name}"](mass[:, None], energy[:, None], middle[:, None], r)
        assert (np.diff(angle, axis=1) >= 0.0).all()
        assert (angle >= 0.0).all()
        assert (angle <= np.pi).all()


def test_a_wrong_density_shows_in_the_measured_error(spec, tmp_path):
    """Nodes that know nothing of what is between them: the error in the header must say so."""
    right = table_fakes.density_for(spec)

    def wavy(mediator, mass, energy, x, *, theta, psi, method):
        f = right(mediator, mass, energy, x, theta=theta, psi=psi, method=method)
        return f * (1.0 + 0.5 * np.sin(300.0 * np.log(mass)) * np.sin(20.0 * x))

    with pytest.raises(TableError, match="the cumulative distribution is off by .* after 5 refinements"):
        build_table(spec, tmp_path / "a", mediators=["vector"], evaluate=wavy)
    assert not (tmp_path / "a").exists()


@pytest.mark.parametrize("after", [1, 6])
def test_an_interrupted_build_resumes_with_the_same_bytes(spec, built, tmp_path, after):
    calls = []

    def stop(done, total, _label):
        calls.append((done, total))
        if len(calls) == after:
            raise KeyboardInterrupt

    density = table_fakes.density_for(spec)
    with pytest.raises(KeyboardInterrupt):
        build_table(spec, tmp_path / "a", mediators=["vector"], evaluate=density, progress=stop)
    assert not (tmp_path / "a").exists()
    resumed = build_table(spec, tmp_path / "a", mediators=["vector"], evaluate=density)
    assert resumed.evaluations == built.evaluations - calls[-1][0]
    for path in built.files:
        assert (tmp_path / "a" / path.name).read_bytes() == path.read_bytes()
    assert not (tmp_path / "a.partial").exists()


def test_files_are_not_overwritten_unasked(spec, built):
    with pytest.raises(TableError, match="use force to overwrite"):
        build_table(spec, built.directory, mediators=["vector"], evaluate=table_fakes.density_for(spec))


def test_a_density_that_is_no_number_is_refused(spec, tmp_path):
    def broken(mediator, mass, energy, x, *, theta, psi, method):
        return np.where(x > 0.9, np.nan, 1.0)

    with pytest.raises(TableError, match="a density is nan"):
        build_table(spec, tmp_path / "a", mediators=["vector"], evaluate=broken)


def test_angles_that_have_no_end_are_refused(spec, tmp_path):
    """Spread evenly in their logarithm: what lies outside the range of the table is no exponential."""
    right = table_fakes.density_for(spec)

    def spread(mediator, mass, energy, x, *, theta, psi, method):
        if psi is not None:
            return 1.0 / psi
        return right(mediator, mass, energy, x, theta=theta, psi=psi, method=method)

    with pytest.raises(TableError, match="angles spread over more powers of ten than a table has: 0.0.* lie outside"):
        build_table(spec, tmp_path / "a", mediators=["vector"], evaluate=spread)
    assert not (tmp_path / "a").exists()


def test_a_window_that_is_closed_above_threshold_is_refused(spec, tmp_path):
    def closed(mediator, mass, energy, x, *, theta, psi, method):
        return np.where(energy > 2.0, 1.0, 0.0) * np.ones(x.shape)

    with pytest.raises(TableError, match="nothing is produced at mass .* the window x > 0 is closed"):
        build_table(spec, tmp_path / "a", mediators=["vector"], evaluate=closed)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((0.1, 20.0, 0.5), "energy must be between 1 and 16 GeV"),
        ((5.0, 8.0, 0.5), "mass must be between"),
        ((2.5, 2.0, 0.5), "above the threshold .* nothing to sample"),
        ((0.1, 8.0, 1.5), "r must be between 0 and 1, got 1.5"),
        ((0.1, 8.0, np.nan), "r must be between 0 and 1, got nan"),
        ((0.1, 8.0, 0.5, 0.5), "takes mass, energy and r"),
    ],
)
def test_bad_questions_are_refused(built, arguments, message):
    with pytest.raises(DomainError, match=message):
        built.tables["vector.icdf_x"](*arguments)


def test_x_outside_phase_space_is_refused(built):
    with pytest.raises(DomainError, match="x must be between .* the ends of phase space, got 0.001"):
        built.tables["vector.icdf_theta"](0.1, 8.0, 0.001, 0.5)


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE.keys())
def test_a_damaged_file_is_refused(built, tmp_path, damage):
    text = (built.directory / "vector.icdf_theta.pht").read_text()
    (tmp_path / "x.pht").write_text(damage(text))
    with pytest.raises(TableError, match=r"x\.pht:"):
        read_table(tmp_path / "x.pht")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("value theta rad", "value theta deg"),
        ("energy_map asinh(sqrt(T/m)) 4.0", "energy_map log(1+T/m) 0.0"),
        ("0.0001 40.0", "0.001 40.0"),
        ("x_nodes 16", "x_nodes 15"),
        ("rho_nodes 41", "rho_nodes 3"),
        ("interpolation lagrange 4", "interpolation lagrange 8"),
    ],
)
def test_another_rule_is_refused_even_with_a_valid_digest(built, tmp_path, old, new):
    text = (built.directory / "vector.icdf_theta.pht").read_text()
    assert old in text
    (tmp_path / "x.pht").write_text(_resign(text.replace(old, new, 1)))
    with pytest.raises(TableError, match=r"x\.pht:"):
        read_table(tmp_path / "x.pht")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('kind = "sampling"', 'kind = "samples"', "mine.toml: kind: must be one of total, sampling"),
        ('"theta", "psi"', '"theta", "phi"', "process.angles: must be among theta, psi"),
        ("x_nodes", "x_node", "grid.x_node: unknown key"),
        ("rtol = 1e-4", "rtol = 1e-4\ninterpolation_order = 8", "grid.interpolation_order: must be one of"),
        ("rtol = 1e-4", "rtol = 1e-4\ncheck_points = 100", "grid.check_points: must be at least 500"),
        ("rtol = 1e-4", "rtol = 1e-3", "grid.rtol: must be at most a tenth"),
    ],
)
def test_a_mistake_in_a_spec_names_file_and_key(tmp_path, old, new, message):
    text = (cards.specs_directory() / "ldmx-sampling.toml").read_text()
    assert old in text
    (tmp_path / "mine.toml").write_text(text.replace(old, new, 1))
    with pytest.raises(CardError, match=message):
        load_spec(tmp_path / "mine.toml")


def test_a_known_distribution_is_inverted():
    """The normal one, whose tails are not even exponential."""
    normal, rule = NormalDist(), Panels(24, 5)
    density = np.exp(-0.5 * (16.0 * rule.nodes()[None, :] - 8.0) ** 2)
    made = distributions(rule, density, 16.0 * rule.dense() - 8.0, np.full(240, 16.0), (np.zeros(1), np.zeros(1)))
    r = np.array([1e-5, 1e-3, 0.2, 0.5, 0.9, 0.99999])
    exact = np.array([normal.inv_cdf(share) for share in r])
    slope = np.array([normal.pdf(value) for value in exact])
    # a twentieth of what is asked of a table
    assert np.abs((made.quantiles(np.log(r / (1.0 - r)))[0] - exact) * slope).max() < 5e-5
    np.testing.assert_allclose(1.0 / (1.0 + np.exp(-made.at(exact[None, :])[0])), r, rtol=0.0, atol=5e-5)


def test_the_ends_of_x_are_those_of_three_bodies():
    """At the largest and the smallest energy of X, lepton and nucleus have the smallest mass they can have."""
    k = Kinematics(lepton_mass=0.51099895069e-3, nuclear_mass=25.13)
    mass, energy = np.array([0.001, 0.1, 1.5, 3.0, 1.0]), np.array([16.0, 8.0, 1.6, 3.3, 1.0205])
    low, high = k.x_range(mass, energy, 0.0)
    p, rest = np.sqrt(energy**2 - k.lepton_mass**2), k.nuclear_mass + k.lepton_mass
    for x, at_rest in ((high, np.zeros(5, dtype=bool)), (low, low == mass / energy)):
        momentum = np.sqrt(np.maximum((x * energy) ** 2 - mass**2, 0.0))
        pair = np.sqrt((energy + k.nuclear_mass - x * energy) ** 2 - (p - momentum) ** 2)
        np.testing.assert_allclose(pair[~at_rest], rest, rtol=1e-9)
        assert (pair[at_rest] > rest).all()  # X stands still and there is energy left
    assert (low == mass / energy).any()
    assert (low > mass / energy).any()


def test_the_cone_of_the_mediator_is_that_of_two_bodies():
    k = Kinematics(lepton_mass=0.51099895069e-3, nuclear_mass=25.13)
    mass, energy, x = np.array([1.0, 3.0, 0.1]), np.array([10.0, 3.3, 16.0]), np.array([0.9, 0.93, 0.99])
    cone = k.cone(mass, energy, x)
    assert (cone > 0.0).all()
    cosine = (cone - 1.0) / (cone + 1.0)  # tan^2(theta/2) = 1/cone
    p, E_X = np.sqrt(energy**2 - k.lepton_mass**2), x * energy
    momentum = np.sqrt(E_X**2 - mass**2)
    left2 = p**2 + momentum**2 - 2.0 * p * momentum * cosine
    pair = np.sqrt((energy + k.nuclear_mass - E_X) ** 2 - left2)
    np.testing.assert_allclose(pair, k.nuclear_mass + k.lepton_mass, rtol=1e-10)


def test_the_axis_to_refine_is_the_one_with_the_structure():
    """A corner along x, where a straight line is nearer than a cubic; in mass, energy and r all is smooth."""

    def place_in_w(place):
        return 0.6 * np.maximum(place - 0.94, 0.0)

    rho = rho_nodes(25)
    mass, energy, x = (np.linspace(0.0, 1.0, n) for n in (8, 9, 17))
    smooth = 0.2 * mass[:, None, None, None] ** 2 + 0.2 * energy[:, None, None] ** 2 + 0.01 * np.sin(rho)
    values = smooth + place_in_w(x)[:, None] + rho

    at = np.linspace(0.05, 0.95, 12)
    places = [at, at[::-1].copy(), np.linspace(0.945, 0.985, 12)]
    exact = 0.2 * (places[0] ** 2 + places[1] ** 2)[:, None] + place_in_w(places[2])[:, None]
    dense = np.linspace(-12.0, 12.0, 2001)
    w = exact + 0.01 * np.sin(dense) + dense
    known = Distributions(w, np.broadcast_to(dense, w.shape), 1.0 / (1.0 + 0.01 * np.cos(dense)) + 0.0 * w)
    check = _Check(places, *(np.zeros(12) for _ in range(3)), np.tile([0.1, 0.3, 0.5, 0.9], (12, 1)), known)
    errors = check.errors(values, 4)
    assert errors.max() > 1e-3
    assert check.coarser_axis(values, 4, errors, 1e-3) == 2


def test_points_that_are_good_have_no_say_in_the_axis():
    """One point fails for want of nodes in mass; at eleven the interpolation along x is the rougher one, and good."""
    rho = rho_nodes(25)
    mass, energy, x = (np.linspace(0.0, 1.0, n) for n in (8, 9, 17))

    def of_mass(place):
        return 0.6 * np.maximum(place - 0.94, 0.0)

    def of_x(place):
        return 0.3 * np.sin(12.0 * place)

    values = (of_mass(mass)[:, None] + of_x(x))[:, None, :, None] + np.zeros((energy.size, 1, 1)) + rho
    values = np.ascontiguousarray(values)
    at = np.linspace(0.1, 0.9, 12)
    places = [np.append(np.linspace(0.05, 0.6, 11), 0.97), at, np.append(np.linspace(0.2, 0.8, 11), 0.5)]
    dense = np.linspace(-12.0, 12.0, 2001)
    w = (of_mass(places[0]) + of_x(places[2]))[:, None] + dense
    known = Distributions(w, np.broadcast_to(dense, w.shape), np.ones_like(w))
    check = _Check(places, *(np.zeros(12) for _ in range(3)), np.tile([0.1, 0.3, 0.5, 0.9], (12, 1)), known)
    errors = check.errors(values, 4)
    assert np.flatnonzero(errors.max(axis=1) > 1e-3).tolist() == [11]
    assert check.coarser_axis(values, 4, errors, 1e-3) == 0
    assert check.coarser_axis(values, 4, errors, 0.0) == 2  # all points: what is rougher, not what is wrong


def test_a_step_back_of_the_quantile_counts_as_what_it_is_worth():
    """A quantile that falls by 0.01 in w far out, where F hardly changes, and in the middle, where it does."""
    rho = rho_nodes(25)
    values = np.zeros((8, 8, 8, 1)) + rho
    dense = np.linspace(-12.0, 12.0, 2001)[None, :]
    places = [np.array([0.5])] * 3
    check = _Check(
        places, *(np.zeros(1) for _ in range(3)), np.array([[0.5]]), Distributions(dense, dense, np.ones_like(dense))
    )
    assert not check.turns(values, 4).any()
    for node, low, high in ((1, 0.0, 1e-3), (12, 2e-3, 1.0)):
        turned = values.copy()
        turned[..., node] = turned[..., node - 1] - 0.01
        assert low < check.turns(turned, 4).max() < high


def test_the_pole_of_light_nuclei_is_refused(tmp_path):
    """Above 2 M the nucleus annihilates into the tensor: as in pheno.spectrum."""
    text = (cards.specs_directory() / "ldmx-sampling.toml").read_text().replace('nucleus = "Al"', 'nucleus = "H"')
    (tmp_path / "mine.toml").write_text(text)
    density = core(load_spec(tmp_path / "mine.toml"), 1)
    mass, energy, x = np.array([2.0]), np.array([16.0]), np.array([0.5])
    with pytest.raises(DomainError, match=r"^mass must be below 2 M = 1\.8"):
        density("tensor", mass, energy, x, theta=None, psi=None, method="etl")
    assert density("vector", mass, energy, x, theta=None, psi=None, method="etl")[0] > 0.0
