"""The text table: what is written is read back, and nothing else is accepted."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest
import table_fakes

from pheno.errors import DomainError, TableError
from pheno.tables import build_table, load_spec, read_table
from pheno.tables.text import format_table


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """A table of the shipped spec of NA64e, with the stand-in for the cross section."""
    spec = load_spec("na64e")
    folder = tmp_path_factory.mktemp("tables") / "na64e"
    return build_table(spec, folder, mediators=["vector"], evaluate=table_fakes.evaluate_for(spec))


@pytest.fixture
def path(built, tmp_path):
    copy = tmp_path / "vector.pht"
    copy.write_bytes((built.directory / "vector.pht").read_bytes())
    return copy


def test_what_is_written_is_read_back(built):
    table = read_table(built.directory / "vector.pht")
    made = built.tables["vector"]
    assert (table.reaction, table.panels, table.accuracy) == (made.reaction, made.panels, made.accuracy)
    assert (table.kinematics, table.notes) == (made.kinematics, made.notes)
    for mine, theirs in zip(made.values, table.values, strict=True):
        assert np.array_equal(mine, theirs)
    assert format_table(table) == (built.directory / "vector.pht").read_text()


def test_the_header_promises_no_more_than_an_independent_measurement_finds(built):
    spec, table = built.spec, read_table(built.directory / "vector.pht")
    rng = np.random.default_rng(1)
    mass = np.exp(rng.uniform(*np.log(spec.mass_range), 4000))
    floor = np.maximum(spec.energy_range[0], spec.kinematics.threshold(mass))
    energy = np.minimum(floor + spec.kinematics.lepton_mass * np.expm1(rng.uniform(1e-4, 12.0, mass.size)), 100.0)
    true = table_fakes.evaluate_for(spec)("vector", mass, energy, method="etl", x_min=0.0)
    error = np.abs(table(mass, energy) / true - 1.0)
    # The header holds the maximum over about a thousand points: four times as many find little more.
    assert error.max() < 1.5 * table.accuracy.error
    assert table.accuracy.error <= spec.interpolation_error
    assert table.accuracy.points >= 1000


@pytest.mark.parametrize("mass", [0.5, 1.0, 3.0])
def test_the_cross_section_is_zero_at_threshold_and_quadratic_above(built, mass):
    table = built.tables["vector"]
    threshold = float(table.threshold(mass))
    assert table(mass, threshold) == 0.0
    assert table(mass, 0.999 * threshold) == 0.0
    near = threshold + table.kinematics.lepton_mass * np.array([1e-5, 2e-5])
    if mass >= 1.0:  # the range of energies starts at 1 GeV
        ratio = table(mass, near[1]) / table(mass, near[0])
        assert ratio == pytest.approx(((near[1] - threshold) / (near[0] - threshold)) ** 2, rel=1e-4)


@pytest.mark.parametrize(
    ("mass", "energy", "name"),
    [
        (0.1, 0.5, "energy"),
        (0.1, 100.1, "energy"),
        (0.1, -1.0, "energy"),
        (0.1, float("nan"), "energy"),
        (0.1, float("inf"), "energy"),
        (9e-4, 50.0, "mass"),
        (3.1, 50.0, "mass"),
        (float("nan"), 50.0, "mass"),
    ],
)
def test_outside_the_range_is_an_error(built, mass, energy, name):
    with pytest.raises(DomainError, match=f"^{name} must be between"):
        built.tables["vector"](mass, energy)


def test_shapes_broadcast(built):
    assert built.tables["vector"](np.array([0.01, 0.1])[:, None], np.array([10.0, 20.0, 30.0])).shape == (2, 3)


def _resign(text: str) -> str:
    """Give an edited table the digest it should have, so that the reader gets past it."""
    lines = text.split("\n")
    at = next(i for i, line in enumerate(lines) if line.startswith("sha256 "))
    lines[at] = "sha256 " + hashlib.sha256("\n".join(lines[:at] + lines[at + 1 :]).encode()).hexdigest()
    return "\n".join(lines)


DAMAGE = {
    "truncated": lambda text: text[: len(text) * 2 // 3],
    "truncated in the header": lambda text: text[:200],
    "a digit changed": lambda text: text[:-2] + ("8\n" if text[-2] != "8" else "9\n"),
    "the beam's mass changed": lambda text: text.replace("beam e- 11 0.00051", "beam e- 11 0.00052"),
    "empty": lambda _text: "",
    "another file": lambda _text: "mass,energy,sigma\n1,2,3\n",
}

EDITS = {
    "version": lambda text: text.replace("#pheno-table 1", "#pheno-table 2"),
    "kind": lambda text: text.replace("kind sigma_tot", "kind dsigma_dx"),
    "unit": lambda text: text.replace("value sigma pb", "value sigma fb"),
    "a NaN": lambda text: text[: text.rindex(" ") + 1] + "nan\n",
    "a row too few": lambda text: text[: text.rindex("\n", 0, -1) + 1],
    "a row too many": lambda text: text + "1.0 2.0\n",
    "a number too few": lambda text: text[: text.rindex(" ")] + "\n",
    "text among the numbers": lambda text: text[: text.rindex(" ") + 1] + "1.0e\n",
    "another interpolation": lambda text: text.replace("interpolation lagrange 6", "interpolation spline 3"),
    "fewer panels": lambda text: text.replace("\npanels 2", "\npanels 1"),
    "a gap between panels": lambda text: text.replace("threshold 100.0", "threshold 90.0"),
    "no target": lambda text: "\n".join(line for line in text.split("\n") if not line.startswith("target")),
    "a key twice": lambda text: text.replace("\nmethod etl\n", "\nmethod etl\nmethod ww\n"),
    "an energy that is no number": lambda text: text.replace("energy GeV 1.0", "energy GeV one"),
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE.keys())
def test_a_damaged_file_is_refused_and_named(path, damage):
    path.write_text(damage(path.read_text()))
    with pytest.raises(TableError, match=r"vector\.pht:\d+: "):
        read_table(path)


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS.keys())
def test_a_file_of_another_kind_is_refused_even_with_a_valid_digest(path, edit):
    text = edit(path.read_text())
    assert text != path.read_text()
    path.write_text(_resign(text))
    with pytest.raises(TableError, match=r"vector\.pht:\d+: "):
        read_table(path)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(TableError, match=r"none\.pht: cannot read the table: No such file"):
        read_table(tmp_path / "none.pht")


def test_binary_is_no_table(tmp_path):
    (tmp_path / "x.pht").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(TableError, match="not ASCII"):
        read_table(tmp_path / "x.pht")
