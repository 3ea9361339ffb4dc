"""Specs of tables: the shipped ones are complete, and a mistake in one names file and key."""

from __future__ import annotations

import pytest

from pheno import cards, citations
from pheno.errors import CardError
from pheno.tables import load_spec, spec_names
from pheno.tables.dmg4 import file_names

EXPERIMENTS = {
    # beam, Z, A, window of the experiment, beam energy [GeV]: tests against the table of the five experiments
    "na64e": ("e-", 82, 207, 0.5, 100.0),
    "na64mu": ("mu-", 82, 207, 0.5, 160.0),
    "ldmx": ("e-", 13, 27, 0.7, 16.0),
    "m3": ("mu-", 74, 184, 0.4, 15.0),
    "e137": ("e-", 13, 27, 0.1, 20.0),
}


def test_there_is_a_spec_for_every_experiment():
    assert set(spec_names()) >= set(EXPERIMENTS)


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_shipped_specs_are_of_their_experiment(name):
    spec = load_spec(name)
    beam, Z, A, x_cut, energy = EXPERIMENTS[name]
    assert (spec.name, spec.beam, spec.Z, spec.A) == (name, beam, Z, A)
    assert spec.x_min == (0.0, x_cut)
    assert spec.energy_range[1] == energy
    assert len(spec.mediators) == 5
    assert spec.interpolation_error == 1e-3
    assert set(spec.formats) == {"pht", "parquet", "dmg4", "g4darkbrem"}
    assert file_names(spec, "vector")
    assert set(spec.source) <= set(citations.bibliography())


@pytest.fixture
def spec_file(tmp_path):
    def write(old: str = "", new: str = ""):
        text = (cards.specs_directory() / "na64e.toml").read_text()
        assert old in text
        path = tmp_path / "mine.toml"
        path.write_text(text.replace(old, new, 1) if old else text)
        return path

    return write


def test_a_copy_of_a_shipped_spec_is_the_same_spec(spec_file):
    assert load_spec(spec_file()) == load_spec("na64e")
    assert load_spec(spec_file()).digest == load_spec("na64e").digest


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("schema = 1", "schema = 2", "mine.toml: schema: only schema 1 is known"),
        ('name = "na64e"', 'name = "../x"', "mine.toml: name: it names a folder"),
        ('particle = "e-"', 'particle = "pi-"', "mine.toml: beam.particle: must be one of e-, e+"),
        ('nucleus = "Pb"', 'nucleus = "Pbb"', "mine.toml: target.nucleus"),
        ('nucleus = "Pb"', "Z = 82", "mine.toml: target.A: this key is missing"),
        ('nucleus = "Pb"', 'nuclues = "Pb"', "mine.toml: target"),
        ('"tensor"]', '"tenser"]', "'tenser'; did you mean 'tensor'"),
        ('"tensor"]', '"vector"]', "each once"),
        ("x_min = [0.0, 0.5]", "x_min = [0.0, 1.0]", "process.x_min: expected different numbers from 0 to below 1"),
        ("x_min = [0.0, 0.5]", "x_min = [0.5]", "process.x_min: must contain 0"),
        ('mass = ["1 MeV", "3 GeV"]', 'mass = ["1 MeV", "3"]', r"grid.mass\[1\]: expected '<number> <unit>'"),
        ('mass = ["1 MeV", "3 GeV"]', "mass = [0.001, 3]", "grid.mass"),
        ('mass = ["1 MeV", "3 GeV"]', 'mass = ["1 MeV", "99 GeV"]', "grid.mass: must end below"),
        ('energy = ["1 GeV", "100 GeV"]', 'energy = ["100 GeV", "1 GeV"]', "grid.energy: expected two"),
        ('energy = ["1 GeV", "100 GeV"]', 'energy = ["1 MeV", "100 GeV"]', "grid.energy: must start above"),
        ("interpolation_error = 1e-3", "interpolation_error = 1e-4", "grid.rtol: must be at most a tenth"),
        ("interpolation_error = 1e-3", "interpolation_error = 1", "grid.interpolation_error: must be between"),
        ("[output]", "check_points = 10\n[output]", "grid.check_points: must be at least 1000"),
        ("[output]", "interpolation_order = 5\n[output]", "grid.interpolation_order: must be one of"),
        ("light_nodes = [24", "light_nodes = [4", "grid.light_nodes: interpolation needs at least 6 nodes"),
        ("light_nodes = [24", "light_nodes = [20.5", "grid.light_nodes: expected two whole numbers"),
        ("[output]", "nodez = [20, 20]\n[output]", "mine.toml: grid.nodez: unknown key"),
        ('formats = ["pht", "parquet"', 'formats = ["hdf5", "parquet"', "output.formats: must be among"),
        ('step = "500 MeV"', 'step = "1 keV"', "g4darkbrem.step: must be at least 1 MeV"),
        ('energies = ["20 GeV",', 'energies = ["0.2 GeV",', "dmg4.energies: must lie within the table"),
        ("[dmg4]", "[dmg5]", "mine.toml"),
    ],
)
def test_a_mistake_names_file_and_key(spec_file, old, new, message):
    with pytest.raises(CardError, match=message):
        load_spec(spec_file(old, new))


def test_a_compound_is_refused(spec_file):
    with pytest.raises(CardError, match="is a compound: make one table for each of its nuclei"):
        load_spec(spec_file('nucleus = "Pb"', 'nucleus = "PbWO4"'))


def test_a_nucleus_can_be_given_by_its_numbers(spec_file):
    spec = load_spec(spec_file('nucleus = "Pb"', "Z = 82\nA = 208"))
    assert (spec.target, spec.Z, spec.A) == ("Z82A208", 82, 208)


def test_an_unknown_name_suggests_the_nearest():
    with pytest.raises(CardError, match="no table spec 'na64'; did you mean 'na64e'"):
        load_spec("na64")


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(CardError, match=r"none\.toml: cannot be read"):
        load_spec(tmp_path / "none.toml")
