"""``pheno decays`` and the files for FORESEE: the numbers of the functions, and messages about nonsense."""

import csv
import json

import numpy as np
import pytest

import pheno
from pheno import models
from pheno.cli import main
from pheno.constants import HBAR_C_M
from pheno.errors import DomainError, OutputError
from pheno.files import write_files

POINT = ["decays", "dark_photon", "--mass", "0.05", "0.5", "--epsilon", "1e-3"]


def test_json_has_the_numbers_of_the_functions(capsys):
    assert main([*POINT, "--energy", "20", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert (document["model"], document["epsilon"], document["energy"]) == ("dark_photon", 1e-3, 20.0)
    assert document["units"]["lifetime"] == "s"
    assert document["units"]["decay_length"] == "m"
    found = pheno.widths("dark_photon", [0.05, 0.5], epsilon=1e-3)
    lengths = pheno.decay_length_m("dark_photon", [0.05, 0.5], 20.0, epsilon=1e-3)
    for i, row in enumerate(document["rows"]):
        assert row["width"] == found.total[i]
        assert row["decay_length"] == lengths[i]
        assert {c: row[c] for c in found.branching} == {c: v[i] for c, v in found.branching.items()}


def test_partial_widths_and_dark_matter(capsys):
    words = ["--dark-matter", "pseudo_dirac", "--ratio", "4", "--splitting", "0.1", "--alpha-D", "0.5", "--widths"]
    assert main([*POINT, *words, "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    model = pheno.model("dark_photon", dark_matter="pseudo_dirac", ratio=4, splitting=0.1, alpha_D=0.5)
    expected = pheno.widths(model, [0.05, 0.5], epsilon=1e-3).partial["chi1 chi2"]
    assert [row["chi1 chi2"] for row in document["rows"]] == expected.tolist()
    assert document["units"]["chi1 chi2"] == "GeV"
    assert document["dark_matter"] == "pseudo_dirac"


def test_nothing_open_is_null_in_json_and_inf_in_text(capsys):
    closed = ["decays", "axial_vector", "--mass", "0.001"]
    assert main([*closed, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["rows"][0]["lifetime"] is None
    assert main(closed) == 0
    assert " inf " in capsys.readouterr().out


def test_csv_and_list(tmp_path, capsys):
    path = tmp_path / "decays.csv"
    assert main([*POINT, "--output", str(path)]) == 0
    rows = list(csv.DictReader(line for line in path.read_text().splitlines() if not line.startswith("#")))
    assert [float(row["mass"]) for row in rows] == [0.05, 0.5]
    assert main(["decays", "--list"]) == 0
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == models.names()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["decays"], "MODEL and --mass are needed"),
        (["decays", "photon", "--mass", "1"], "model must be one of"),
        (["decays", "dark_photon", "--mass", "1", "--ratio", "3"], "ratio needs dark_matter"),
        (["decays", "dark_photon", "--mass", "1", "--energy", "0.5"], "energy must be at least the mass, got 0.5"),
        (["decays", "alp_photon", "--mass", "1", "--epsilon", "0.5"], "epsilon must not be given for the model"),
        (["decays", "alp_photon", "--mass", "1", "2", "--foresee", "x", "--epsilon", "1"], "in the convention of the"),
    ],
)
def test_nonsense_is_one_line(words, message, capsys):
    assert main(words) == 2
    error = capsys.readouterr().err
    assert error.startswith("pheno: error: ")
    assert message in error
    assert len(error.splitlines()) == 1


def test_files_for_foresee(tmp_path, capsys):
    folder = tmp_path / "model"
    words = ["decays", "b_minus_l", "--mass", "0.01:2:30", "--foresee", str(folder)]
    assert main(words) == 0
    assert set(capsys.readouterr().out.split()) == {str(path) for path in folder.rglob("*.txt")}
    masses = np.geomspace(0.01, 2.0, 30)
    found = pheno.widths("b_minus_l", masses, coupling=1.0)
    # what FORESEE's readfile does: lines that do not begin with #, split at blanks
    mass, ctau = np.loadtxt(folder / "ctau.txt", unpack=True)
    assert mass == pytest.approx(masses, rel=1e-7)
    assert ctau == pytest.approx(HBAR_C_M / found.total, rel=1e-7)
    sums = sum(np.loadtxt(path, unpack=True)[1] for path in (folder / "br").glob("*.txt"))
    assert sums == pytest.approx(1.0, rel=1e-6)
    assert np.loadtxt(folder / "br" / "nu_nu.txt", unpack=True)[1] == pytest.approx(found.branching["nu nu"], rel=1e-7)
    assert main(words) == 2
    assert "exists; --force overwrites it" in capsys.readouterr().err
    assert main([*words, "--force"]) == 0
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="cannot write"):  # and not what cleaning up runs into
        write_files({tmp_path / "file" / "ctau.txt": b""})
    assert main([*words[:-1], str(tmp_path / "file")]) == 2
    assert capsys.readouterr().err.endswith("file is a file, not a folder\n")


def test_reference_coupling_of_foresee():
    """c tau at coupling_ref, which FORESEE scales with coupling_ref^2/coupling^2."""
    at_one, at_small = (
        float(pheno.foresee_files("dark_photon", [0.1, 0.2], coupling=c)["ctau.txt"].split(b"\n")[1].split()[1])
        for c in (1.0, 1e-3)
    )
    assert at_small == pytest.approx(1e6 * at_one, rel=1e-7)
    assert at_small == pytest.approx(HBAR_C_M / pheno.widths("dark_photon", 0.1, epsilon=1e-3).total, rel=1e-7)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: pheno.foresee_files("dark_photon", [0.2, 0.1]), "masses must be at least two and rise"),
        (lambda: pheno.foresee_files("dark_photon", 0.2), "masses must be at least two and rise"),
        (
            lambda: pheno.foresee_files("axial_vector", [1e-3, 0.2]),
            "masses must have an open channel, got 0.001",
        ),
        (
            lambda: pheno.foresee_files("dark_photon", [0.1, 0.2], coupling=0.0),
            "coupling must be finite and > 0",
        ),
        (
            lambda: pheno.foresee_files(pheno.model("dark_photon", dark_matter="dirac"), [0.1, 0.2]),
            "model must have no dark matter with a coupling of its own",
        ),
    ],
)
def test_what_foresee_cannot_scale_is_refused(call, message):
    with pytest.raises(DomainError, match=message):
        call()
