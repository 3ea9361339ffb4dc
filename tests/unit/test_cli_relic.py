"""`pheno relic` and `pheno target`: the numbers of the functions, and flags beside them."""

from __future__ import annotations

import json

import pytest

import pheno
from pheno.cli import main

POINT = ["dark_photon", "--dark-matter", "dirac", "--ratio", "3", "--alpha-D", "0.1"]
DIRAC = pheno.model("dark_photon", dark_matter="dirac", ratio=3, alpha_D=0.1)


def rows(words, capsys):
    assert main([*words, "--json"]) == 0
    return json.loads(capsys.readouterr().out)["rows"]


def test_relic_is_that_of_the_function(capsys):
    found = rows(["relic", *POINT, "--mass", "0.006", "0.3", "--epsilon", "1e-4"], capsys)
    expected = pheno.relic_density(DIRAC, [0.006, 0.3], epsilon=1e-4, full_output=True)
    assert [row["omega_h2"] for row in found] == pytest.approx(expected.omega_h2.tolist(), rel=1e-12)
    assert [row["changes_neff"] for row in found] == [1, 0]
    assert [row["cmb_excluded"] for row in found] == [1, 1] == expected.cmb_excluded().astype(int).tolist()
    assert [row["relativistic"] for row in found] == [0, 0]


def test_target_is_that_of_the_function(capsys):
    found = rows(["target", *POINT, "--mass", "0.006", "0.3"], capsys)
    expected = pheno.thermal_target(DIRAC, [0.006, 0.3])
    assert [row["epsilon"] for row in found] == pytest.approx(expected.epsilon[:, 0].tolist(), rel=1e-12)
    assert [(row["cmb_excluded"], row["changes_neff"]) for row in found] == [(1, 1), (1, 0)]


def test_two_tensors_are_left_out_only_if_asked(capsys):
    words = ["relic", "tensor_universal", "--dark-matter", "vector", "--ratio", "0.5", "--mass", "0.1"]
    words += ["--coupling", "1e-3"]
    assert main(words) == 2
    assert "annihilates to two tensors" in capsys.readouterr().err
    assert rows([*words, "--no-secluded"], capsys)[0]["omega_h2"] > 0.0


def test_absent_solutions_are_explained(capsys):
    assert main(["target", *POINT[:-1], "1e-12", "--mass", "0.1"]) == 0
    assert "no solution at 0.1 GeV" in capsys.readouterr().out
