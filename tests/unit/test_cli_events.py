"""``pheno events``: words in, files and exit codes out. Sampling is replaced by right kinematics without physics."""

from __future__ import annotations

import json
import sys

import event_fakes
import numpy as np
import pytest
from cli_refusals import assert_refused

import pheno
from pheno.cli import main
from pheno.event_files import library

POINT = ["events", "vector", "--mass", "0.1", "--energy", "8", "--target", "W"]
LIBRARY = [*POINT, "--number", "30", "--library", "g4darkbrem", "--min-energy", "6"]


@pytest.fixture(autouse=True)
def calls(monkeypatch):
    """Replace the sampling, and remember what was asked."""
    asked = []

    def sample(mediator, mass, energy, n, **options):
        asked.append({"mediator": mediator, "mass": mass, "energy": energy, "n": n, **options})
        return event_fakes.sample(mediator, mass, energy, n, **options)

    monkeypatch.setattr(pheno, "sample", sample, raising=False)
    monkeypatch.setattr(library, "_default_sample", lambda: sample)
    return asked


def test_defaults_are_those_of_the_function(calls):
    assert main(["events", "vector", "--mass", "0.1", "--energy", "8"]) == 0
    expected = {"mediator": pheno.Mediator("vector"), "mass": 0.1, "energy": 8.0, "n": 20000}
    expected |= {"beam": "e-", "target": "Pb", "form_factor": "tsai", "rtol": 1e-4, "seed": 0}
    assert calls == [expected]


def test_every_option_arrives(calls):
    words = "--beam mu+ --number 7 --epsilon 1e-4 --form-factor helm --x-min 0.1 --x-max 0.9 --rtol 1e-6 --unit fb"
    assert main([*POINT, *words.split(), "--seed", "5", "--threads", "2"]) == 0
    (call,) = calls
    assert (call["beam"], call["target"], call["n"], call["epsilon"]) == ("mu+", "W", 7, 1e-4)
    assert (call["form_factor"], call["x_min"], call["x_max"], call["rtol"]) == ("helm", 0.1, 0.9, 1e-6)
    assert (call["unit"], call["seed"], call["threads"]) == ("fb", 5, 2)
    assert "coupling" not in call


def test_without_output_the_first_events_are_shown(capsys):
    assert main([*POINT, "--number", "30"]) == 0
    lines = capsys.readouterr().out.splitlines()
    rows = [line.split() for line in lines if not line.startswith("#")]
    assert "# cross_section: 12500.0" in lines
    assert "# overweight: 1e-06" in lines
    assert rows[0] == ["x", "theta", "[rad]", "psi", "[rad]", "t", "[GeV^2]"]
    assert len(rows) == 11
    events = event_fakes.sample("vector", 0.1, 8.0, 30, target="W")
    shown = np.array(rows[1:], dtype=float)
    expected = np.column_stack([events.x, events.theta, events.psi, events.t])[:10]
    np.testing.assert_allclose(shown, expected, rtol=1e-7)  # eight digits are shown


@pytest.mark.parametrize("name", ["events.lhe", "events.lhe.gz", "events.csv", "events.csv.gz", "no_ending"])
def test_output_is_a_file_for_simulators_and_a_summary(tmp_path, capsys, name):
    options = ["--format", "csv"] if name == "no_ending" else []
    assert main([*POINT, "--number", "30", "--output", str(tmp_path / name), "--json", *options]) == 0
    summary = json.loads(capsys.readouterr().out)
    assert (summary["events"], summary["cross_section"], summary["error"]) == (30, 12500.0, 1.25)
    assert (summary["overweight"], summary["efficiency"], summary["unit"]) == (1e-6, 0.5, "pb")
    assert summary["output"] == str(tmp_path / name)
    path = tmp_path / name
    parsed = event_fakes.parse_library(path if name != "no_ending" else path.rename(tmp_path / "events.csv"))
    assert len(parsed[74][8.0]) == 30


def test_numbers_of_particles_arrive(tmp_path):
    path = tmp_path / "events.lhe"
    words = "--beam e+ --lepton-id 11 --nucleus-id pdg --mediator-id 1023 --number 3"
    assert main([*POINT, *words.split(), "--output", str(path)]) == 0
    assert len(event_fakes.parse_library(path, aprime_id=1023)[74][8.0]) == 3
    assert "\n1000741840 -1 " in path.read_text()


def test_existing_file_is_refused_before_sampling(calls, tmp_path, capsys):
    path = tmp_path / "events.lhe"
    path.write_text("precious")
    assert main([*POINT, "--output", str(path)]) == 2
    assert path.read_text() == "precious"
    assert calls == []
    assert capsys.readouterr().err == f"pheno: error: --output: {path} exists; --force overwrites it\n"
    assert main([*POINT, "--number", "3", "--output", str(path), "--force"]) == 0
    assert path.read_text().startswith("<LesHouchesEvents")


def test_a_library_is_built_resumed_and_summarised(calls, tmp_path, capsys):
    assert main([*LIBRARY, "--output", str(tmp_path / "lib")]) == 0
    out = capsys.readouterr().out
    made = event_fakes.parse_library(tmp_path / "lib")[74]
    assert f"{len(made)} files in {tmp_path / 'lib'}/, {len(made)} of them new" in out
    assert (min(made), max(made)) == (6.0, 8.0)
    assert {call["n"] for call in calls} == {30}
    assert main([*LIBRARY, "--output", str(tmp_path / "lib"), "--json"]) == 0
    summary = json.loads(capsys.readouterr().out)
    assert summary["sampled"] == 0
    assert [entry["energy"] for entry in summary["files"]] == sorted(made, reverse=True)
    assert len(calls) == len(made)


def test_an_interrupted_library_says_that_it_resumes(tmp_path, monkeypatch, capsys):
    def stop(*_arguments, **_options):
        raise KeyboardInterrupt

    monkeypatch.setattr(library, "_default_sample", lambda: stop)
    assert main([*LIBRARY, "--output", str(tmp_path / "lib")]) == 130
    assert "the same command continues from there" in capsys.readouterr().err


def test_a_library_has_a_bar_on_a_terminal(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    monkeypatch.setattr("pheno.cli.progress.find_spec", lambda _name: None)
    assert main([*LIBRARY, "--output", str(tmp_path / "lib")]) == 0
    assert "lib [" in capsys.readouterr().err


def test_energies_left_out_are_reported(tmp_path, capsys):
    words = ["events", "vector", "--mass", "1.5", "--energy", "3", "--number", "5"]
    assert main([*words, "--library", "g4darkbrem", "--min-energy", "1.2", "--output", str(tmp_path / "lib")]) == 0
    assert "energies left out, at or below the threshold of 1.5" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ([*POINT, "--number", "0"], "--number must be at least 1, got 0"),
        ([*POINT, "--number", "-5"], "--number must be at least 1, got -5"),
        ([*POINT, "--number", "1.5"], "argument --number: invalid int value"),
        ([*POINT, "--output", "x.txt"], "path must end in one of .lhe,"),
        ([*POINT, "--output", "absent/x.lhe"], "absent does not exist"),
        ([*POINT, "--output", "x.lhe", "--format", "root"], "format must be one of 'lhe'"),
        ([*POINT, "--output", "x.csv", "--mediator-id", "622"], "mediator_id must not be given for format 'csv'"),
        ([*POINT, "--output", "x.lhe", "--nucleus-id", "W"], "argument --nucleus-id"),
        ([*POINT, "--format", "lhe"], "--format needs --output"),
        ([*POINT, "--mediator-id", "622"], "--mediator-id needs --output"),
        ([*POINT, "--step", "0.1"], "--step needs --library"),
        ([*POINT, "--min-energy", "4"], "--min-energy needs --library"),
        ([*POINT, "--library", "dmg4", "--output", "lib", "--min-energy", "4"], "--library must be g4darkbrem"),
        ([*POINT, "--library", "g4darkbrem", "--output", "lib"], "--library needs --min-energy"),
        (LIBRARY, "--library needs --output"),
        ([*LIBRARY, "--output", "lib", "--step", "0.2"], "step must be above 0 and at most 0.1, got 0.2"),
        ([*LIBRARY, "--output", "lib", "--x-min", "0.1"], "--x-min is not for libraries"),
        ([*LIBRARY, "--output", "lib", "--format", "hepmc"], "format must be one of 'csv.gz'"),
        (["events", "vector", "--mass", "1", "2", "--energy", "8"], "unrecognized arguments: 2"),
        (["events", "vector", "--mass", "1"], "the following arguments are required: --energy"),
    ],
)
def test_mistake_is_one_line_and_exit_code_2(calls, tmp_path, monkeypatch, capsys, words, message):
    monkeypatch.chdir(tmp_path)
    assert_refused(capsys, words, message)
    assert calls == []
    assert list(tmp_path.iterdir()) == []


def test_help_has_the_commands_of_the_documentation(capsys):
    with pytest.raises(SystemExit):
        main(["events", "--help"])
    out = capsys.readouterr().out
    assert "pheno events vector --mass 0.1 --energy 8 --beam e- --target W --number 20000 --output events.lhe" in out
    assert "--library g4darkbrem --energy 8 --min-energy 0.4 --target W --output lib" in out
