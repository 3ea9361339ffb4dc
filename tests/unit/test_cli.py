"""The command line: words in, text and exit codes out. The physics behind it is replaced by a formula."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from types import SimpleNamespace

import numpy as np
import pytest
from cli_refusals import assert_refused

import pheno
from pheno.cli import main, progress
from pheno.errors import ConvergenceError, DomainError
from pheno.tables.grid import Kinematics, Panel
from pheno.tables.table import Accuracy, Reaction, Table

POINT = ["xsec", "vector", "--mass", "0.1", "--energy", "100"]


@pytest.fixture
def calls(monkeypatch):
    """Replace the physics: sigma = mass + energy / 1000, and remember what was asked."""
    asked = []

    def cross_section(mediator, mass, energy, **options):
        asked.append(SimpleNamespace(mediator=mediator, mass=mass, energy=energy, **options))
        if np.any(mass < 0):
            msg = "mass must be finite and > 0, got -1"
            raise DomainError(msg)
        value = np.asarray(mass) + np.asarray(energy) / 1000
        return SimpleNamespace(value=value, error=1e-5 * value, evaluations=np.full(value.shape, 1000))

    monkeypatch.setattr(pheno, "cross_section", cross_section, raising=False)
    monkeypatch.setattr(pheno, "k_factor", lambda mediator, mass, energy, **_: mass / energy, raising=False)
    return asked


def test_defaults_are_those_of_the_function(calls):
    assert main(POINT) == 0
    (call,) = calls
    assert call.mediator == pheno.Mediator("vector")
    options = {name: getattr(call, name) for name in vars(call) if name not in {"mediator", "mass", "energy"}}
    assert options == {
        "beam": "e-",
        "target": "Pb",
        "coupling": 1.0,
        "method": "etl",
        "form_factor": "tsai",
        "x_min": 0.0,
        "x_max": 1.0,
        "rtol": 1e-4,
        "unit": "pb",
        "threads": None,
        "full_output": True,
    }


def test_every_option_arrives(calls):
    words = "--beam mu+ --target 74,184 --epsilon 1e-4 --method ww --form-factor helm --x-min 0.1 --x-max 0.9"
    words += " --rtol 1e-6 --unit fb"
    assert main(POINT + words.split()) == 0
    (call,) = calls
    assert (call.beam, call.target, call.epsilon, call.method) == ("mu+", (74, 184), 1e-4, "ww")
    assert (call.form_factor, call.x_min, call.x_max, call.rtol, call.unit) == ("helm", 0.1, 0.9, 1e-6, "fb")
    assert not hasattr(call, "coupling")


def test_shares_of_the_tensor_arrive(calls):
    assert main(["xsec", "tensor", "--mass", "0.1", "--energy", "100", "--c-gamma", "0"]) == 0
    assert calls[0].mediator == pheno.Mediator("tensor", c_gamma=0)


def test_every_mass_meets_every_energy(calls, capsys):
    assert main(["xsec", "vector", "--mass", "0.01:1:3", "2", "--energy", "50", "100", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)["rows"]
    masses = [0.01, 0.1, 1.0, 2.0]
    assert [(row["mass"], row["energy"]) for row in rows] == [
        (pytest.approx(m, rel=1e-14), e) for m in masses for e in (50.0, 100.0)
    ]
    assert [row["cross_section"] for row in rows] == [row["mass"] + row["energy"] / 1000 for row in rows]
    assert (rows[0]["mass"], rows[4]["mass"]) == (0.01, 1.0)  # the ends of a range are exact


def test_table_for_people_is_aligned_and_says_what_was_asked(calls, capsys):
    assert main([*POINT, "--full"]) == 0
    *about, header, row = capsys.readouterr().out.splitlines()
    assert "# mediator: vector" in about
    assert "# coupling: 1.0" in about
    assert header.split("  ") == ["mass [GeV]", "energy [GeV]", "cross_section [pb]", "error [pb]", "evaluations"]
    assert row.split() == ["0.1", "100", "0.2", "2e-06", "1000"]
    assert len(row) == len(header)


def test_csv_has_every_digit(calls, tmp_path):
    path = tmp_path / "sigma.csv"
    assert main(["xsec", "vector", "--mass", "0.1:1:7", "--energy", "3", "--output", str(path)]) == 0
    lines = path.read_text().splitlines()
    rows = list(csv.DictReader(line for line in lines if not line.startswith("#")))
    assert len(rows) == 7
    assert all(float(row["cross_section"]) == float(row["mass"]) + 3 / 1000 for row in rows)
    assert "# units: mass [GeV], energy [GeV], cross_section [pb]" in lines


def test_file_is_not_overwritten_without_force(calls, tmp_path, capsys):
    path = tmp_path / "sigma.json"
    path.write_text("precious")
    assert main([*POINT, "--output", str(path)]) == 2
    assert path.read_text() == "precious"
    assert calls == []  # refused before anything was calculated
    assert capsys.readouterr().err == f"pheno: error: --output: {path} exists; --force overwrites it\n"
    assert main([*POINT, "--output", str(path), "--force"]) == 0
    assert json.loads(path.read_text())["rows"][0]["mass"] == 0.1


@pytest.mark.parametrize("name", ["sigma.txt", "sigma", "absent/sigma.csv"])
def test_impossible_file_is_refused_before_calculating(calls, tmp_path, name):
    assert main([*POINT, "--output", str(tmp_path / name)]) == 2
    assert calls == []
    assert list(tmp_path.iterdir()) == []


def test_full_disk_leaves_nothing_behind(calls, tmp_path, monkeypatch, capsys):
    def no_space(self, *_args, **_kwargs):
        raise OSError(28, "No space left on device", str(self))

    monkeypatch.setattr("pathlib.Path.write_bytes", no_space)
    assert main([*POINT, "--output", str(tmp_path / "sigma.csv")]) == 2
    assert "No space left on device" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["xsec", "vectr", "--mass", "1", "--energy", "1"], "did you mean 'vector'"),
        (["xsec", "vector", "--mass", "-1", "--energy", "1"], "mass must be finite and > 0, got -1"),
        (["xsec", "vector", "--mass", "abc", "--energy", "1"], "expected a number or FIRST:LAST:COUNT"),
        (["xsec", "vector", "--mass", "nan", "--energy", "1"], "expected a number or FIRST:LAST:COUNT"),
        (["xsec", "vector", "--mass", "1:2", "--energy", "1"], "expected a number or FIRST:LAST:COUNT"),
        (
            ["xsec", "vector", "--mass", "0:2:5", "--energy", "1"],
            "FIRST and LAST must be > 0 and COUNT from 2 to 1000000",
        ),
        (
            ["xsec", "vector", "--mass", "1:2:1", "--energy", "1"],
            "FIRST and LAST must be > 0 and COUNT from 2 to 1000000",
        ),
        (["xsec", "vector", "--mass", "1"], "the following arguments are required: --energy"),
        ([*POINT, "--target", "82,x"], "expected a symbol, a compound or Z,A"),
        ([*POINT, "--epsilon", "1", "--coupling", "1"], "not allowed with argument"),
        ([*POINT, "--c-gamma", "0"], "only the tensor has them"),
        ([*POINT, "--mas", "1"], "unrecognized arguments: --mas"),
        (["table", "na64"], "na64"),
        (["table", "na64e", "--threads", "0"], "--threads must be at least 1, got 0"),
        (["table"], "table: name one of"),
        (["cite", "Bjorken:2009"], "did you mean 'Bjorken:2009mm'"),
        (["nonsense"], "invalid choice: 'nonsense'"),
        ([], "required: COMMAND"),
    ],
)
def test_mistake_is_one_line_and_exit_code_2(calls, capsys, words, message):
    assert_refused(capsys, words, message)


@pytest.mark.parametrize(("error", "code"), [(KeyboardInterrupt(), 130), (ConvergenceError("rtol not reached"), 2)])
def test_interruption_and_failure_have_their_exit_codes(monkeypatch, capsys, error, code):
    def fail(*_args, **_options):
        raise error

    monkeypatch.setattr(pheno, "cross_section", fail, raising=False)
    assert main(POINT) == code
    assert "Traceback" not in capsys.readouterr().err


def test_kfactor(calls, capsys):
    assert main(["kfactor", "vector", "--mass", "0.5", "--energy", "100", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["rows"] == [{"mass": 0.5, "energy": 100.0, "k_factor": 0.005}]


def test_table_reports_what_it_made(monkeypatch, capsys, tmp_path):
    table = Table(
        reaction=Reaction(
            mediator="vector",
            beam="e-",
            target="Pb",
            Z=82,
            A=207,
            method="etl",
            form_factor="tsai",
            x_min=0.0,
            rtol=1e-4,
        ),
        kinematics=Kinematics(lepton_mass=0.511e-3, nuclear_mass=192.8),
        mass_range=(0.001, 1.0),
        energy_range=(20.0, 100.0),
        order=4,
        panels=(Panel(mass_nodes=4, mass_low=0.001, mass_high=1.0, energy_nodes=4, floor=20.0, ceiling=100.0),),
        values=(np.zeros((4, 4)),),
        accuracy=Accuracy(error=5e-4, limit=1e-3, points=300, mass=0.1, energy=50.0),
    )

    def build_table(spec, **options):
        options["progress"](1, 1, "vector")
        assert (spec, options["threads"], options["force"], options["output"]) == ("na64e", 2, True, str(tmp_path))
        assert options["mediators"] == ["vector", "tensor"]
        return SimpleNamespace(
            tables={"vector": table}, files=("a", "b"), directory=tmp_path, skipped={"parquet": "no"}
        )

    monkeypatch.setattr("pheno.tables.build_table", build_table)
    assert (
        main(
            [
                "table",
                "na64e",
                "--threads",
                "2",
                "--force",
                "--output",
                str(tmp_path),
                "--mediators",
                "vector",
                "tensor",
            ]
        )
        == 0
    )
    out, err = capsys.readouterr()
    assert "sigma [pb] at coupling 1, e- of 100 GeV on Pb:" in out
    assert "vector: 5.0e-04 (at 0.1 GeV, 50 GeV; 300 points)" in out
    assert "2 files in" in out
    assert err == "pheno: parquet not written: no\n"  # and no progress bar: this is no terminal


def test_interrupted_table_says_that_it_resumes(monkeypatch, capsys):
    def build_table(*_args, **_options):
        raise KeyboardInterrupt

    monkeypatch.setattr("pheno.tables.build_table", build_table)
    assert main(["table", "na64e"]) == 130
    assert "the same command continues from there" in capsys.readouterr().err


@pytest.mark.parametrize("rich", [True, False])
def test_terminal_has_a_bar(monkeypatch, capsys, rich):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(progress, "find_spec", lambda _name: rich or None)
    with progress.progress_bar("na64e") as update:
        for done in range(4):
            update(done, 3, "vector")
    err = capsys.readouterr().err
    assert "na64e" in err
    assert "3/3" in err


@pytest.mark.parametrize(
    "command", ["xsec", "spectrum", "kfactor", "table", "events", "methods", "cite", "include-dir"]
)
def test_help_has_an_example(capsys, command):
    with pytest.raises(SystemExit) as stop:
        main([command, "--help"])
    assert stop.value.code == 0
    out = capsys.readouterr().out
    assert "examples:" in out
    assert f"pheno {command}" in out


def test_listings(capsys):
    assert main(["methods"]) == 0
    out = capsys.readouterr().out
    assert "\n  etl\n" in out
    assert "\n  tsai\n" in out
    assert "Cite: Kim:1973he Bjorken:2009mm\n" in out
    assert main(["cite", "Tsai:1973py"]) == 0
    assert capsys.readouterr().out.startswith("@article{Tsai:1973py,")
    assert main(["cite", "--list"]) == 0
    assert "Bjorken:2009mm               New Fixed-Target Experiments" in capsys.readouterr().out
    assert main(["table", "--list"]) == 0
    assert "na64e" in capsys.readouterr().out.split()


def test_include_dir_holds_the_reader(capsys):
    assert main(["include-dir"]) == 0
    directory = capsys.readouterr().out.strip()
    assert os.path.isfile(os.path.join(directory, "pheno", "table.hpp"))  # noqa: PTH113, PTH118 (as a Makefile would)


def test_reader_that_goes_away_is_no_error():
    command = [sys.executable, "-m", "pheno.cli", "cite"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        process.stdout.close()  # as `pheno cite | head` does
        assert process.stderr.read() == b""


SPECTRUM = ["spectrum", "vector", "--mass", "0.1", "--energy", "100"]


def test_spectrum_prints_what_the_function_returns(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*SPECTRUM, "--x", "0.5", "0.9", "--theta", "1e-3", "1e-2", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["units"] == {"mass": "GeV", "energy": "GeV", "x": "1", "theta": "rad", "cross_section": "pb/rad"}
    expected = pheno.spectrum("vector", 0.1, 100.0, [[0.5], [0.9]], theta=[1e-3, 1e-2])
    assert [row["cross_section"] for row in document["rows"]] == expected.ravel().tolist()


def test_spectrum_over_the_window(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*SPECTRUM, "--psi", "1e-3", "--x-min", "0.5", "--method", "ww", "--full"]) == 0
    assert "psi [rad]" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "x, theta or psi must be given"),
        (["--x", "1.5"], "x must be between 0 and 1, got 1.5"),
        (["--theta", "1", "--psi", "1"], "not allowed with argument"),
        (["--x", "0.5", "--method", "dmg4_iww"], "method must be one of 'etl', 'ww', 'ww_mass_cutoff', 'iww'"),
    ],
)
def test_spectrum_refuses(words: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    try:
        code = main([*SPECTRUM, *words])
    except SystemExit as stop:
        code = stop.code
    assert code == 2
    assert said in capsys.readouterr().err
