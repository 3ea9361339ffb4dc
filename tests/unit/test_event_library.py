"""Event libraries of G4DarkBreM: which energies, resumed after an interrupt, same bytes, foreign files untouched."""

from __future__ import annotations

import hashlib
import json
import re

import event_fakes
import numpy as np
import pytest

from pheno import threshold_energy
from pheno.errors import ConvergenceError, DomainError, OutputError
from pheno.event_files import build_event_library
from pheno.event_files.folder import Folder
from pheno.event_files.plan import ladder

N = 50


def build(directory, mediator="vector", mass=0.1, **options):
    arguments = {"energy_max": 8.0, "energy_min": 4.0, "events": N, "sample": event_fakes.sample, **options}
    return build_event_library(directory, mediator, mass, **arguments)


def contents(directory):
    return {path.name: path.read_bytes() for path in directory.iterdir()}


@pytest.mark.parametrize(
    ("high", "low", "step"), [(8, 0.4, 0.1), (8, 4, 0.1), (8, 7.2, 0.1), (100, 1, 0.03), (8, 7.9, 0.1)]
)
def test_energies_go_down_in_steps_that_are_not_too_large_nor_too_many(high, low, step):
    energies = ladder(float(high), float(low), step)
    assert (energies[0], energies[-1]) == (high, low)
    ratios = np.array(energies[1:]) / energies[:-1]
    assert (ratios >= (1 - step) * (1 - 1e-15)).all()
    assert (ratios < 1).all()
    fewest = np.log(low / high) / np.log(1 - step)
    assert len(energies) - 1 <= fewest + 1 + 1e-9  # and one more at most, if rounding asks for it


def test_one_energy_is_a_library():
    assert ladder(8.0, 8.0, 0.1) == (8.0,)


def test_library_is_what_g4darkbrem_reads(tmp_path):
    made = build(tmp_path / "lib", energy_min=0.4)
    library = event_fakes.parse_library(tmp_path / "lib")
    assert list(library) == [74]
    energies = sorted(library[74], reverse=True)
    assert energies == [entry["energy"] for entry in made.manifest["files"]]
    assert (energies[0], energies[-1], len(energies)) == (8.0, 0.4, 30)
    assert {len(events) for events in library[74].values()} == {N}
    assert made.sampled == 30
    recoil = np.array([events[0][0][0] / energy for energy, events in library[74].items()])
    assert np.unique(recoil).size == 30  # no two energies from the same random numbers


@pytest.mark.parametrize("format_", ["csv.gz", "csv", "lhe.gz", "lhe"])
def test_names_and_manifest(tmp_path, format_):
    made = build(tmp_path / "lib", beam="e+", format=format_, seed=3000)
    first = made.files[0].name
    assert first == (
        "positron_tungsten_MaxE_8.0_MinE_4.0_RelEStep_0.1_UndecayedAP_mA_0.1_run_3000"
        f"_IncidentEnergy_8.0_unweighted_events.{format_}"
    )
    manifest = json.loads((tmp_path / "lib" / "manifest.json").read_text())
    assert manifest == made.manifest
    assert manifest["parameters"]["events"] == N
    assert manifest["parameters"]["seed"] == 3000
    for path, entry in zip(made.files, manifest["files"], strict=True):
        assert entry["file"] == path.name
        assert entry["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
        assert entry["cross_section"] == 1e5 / entry["energy"]
        assert (entry["events"], entry["error"], entry["overweight"]) == (N, 1e1 / entry["energy"], 1e-6)
    # Positrons are 11 in LHE: the parser would find none otherwise.
    assert len(event_fakes.parse_library(tmp_path / "lib")[74]) == len(made.files)


def test_other_mediators_and_targets_have_their_name(tmp_path):
    made = build(tmp_path / "lib", "axial_vector", 0.2, target=(82, 208), beam="mu-", energy_min=7.5)
    assert re.match(r"muon_82-208_MaxE_8\.0_.*_UndecayedAxialVector_mA_0\.2_run_0_", made.files[0].name)


def test_a_compound_fits_in_csv_not_in_lhe(tmp_path):
    build(tmp_path / "csv", target="PbWO4", energy_min=7.5)
    assert set(event_fakes.parse_library(tmp_path / "csv")) == {8, 74, 82}
    with pytest.raises(DomainError, match="target must be one element for format 'lhe.gz'"):
        build(tmp_path / "lhe", target="PbWO4", format="lhe.gz")
    assert not (tmp_path / "lhe").exists()


@pytest.mark.parametrize("stop_in", ["sample", "progress", "write"])
def test_an_interrupted_build_continues_and_gives_the_same_bytes(tmp_path, monkeypatch, stop_in):
    build(tmp_path / "whole")
    calls = []

    def count(*_arguments, **_options):
        calls.append(1)
        if len(calls) == 4:
            raise KeyboardInterrupt

    def sample(*arguments, **options):
        count()
        return event_fakes.sample(*arguments, **options)

    options = {"sample": {"sample": sample}, "progress": {"progress": count}, "write": {}}[stop_in]
    if stop_in == "write":  # the file is there, its entry in the manifest not yet
        save = Folder._save
        monkeypatch.setattr(Folder, "_save", lambda self: (count(), save(self)))
    with pytest.raises(KeyboardInterrupt):
        build(tmp_path / "lib", **options)
    monkeypatch.undo()
    left = contents(tmp_path / "lib")
    assert not [name for name in left if name.endswith(".part")]
    manifest = json.loads(left["manifest.json"])
    assert 0 < len(manifest["files"]) < len(contents(tmp_path / "whole")) - 1
    for entry in manifest["files"]:  # a valid library, only shorter
        assert hashlib.sha256(left[entry["file"]]).hexdigest() == entry["sha256"]
    event_fakes.parse_library(tmp_path / "lib")
    resumed = build(tmp_path / "lib")
    assert resumed.sampled == len(resumed.files) - len(manifest["files"])
    assert contents(tmp_path / "lib") == contents(tmp_path / "whole")


def test_a_complete_library_is_not_sampled_again(tmp_path):
    first = build(tmp_path / "lib")

    def never(*_arguments, **_options):
        raise AssertionError

    again = build(tmp_path / "lib", sample=never)
    assert again.sampled == 0
    assert again.manifest == first.manifest


@pytest.mark.parametrize("damage", ["cut", "removed"])
def test_a_damaged_file_is_made_again(tmp_path, damage):
    made = build(tmp_path / "lib")
    before = contents(tmp_path / "lib")
    path = made.files[2]
    if damage == "cut":
        path.write_bytes(path.read_bytes()[:-5])
    else:
        path.unlink()
    assert build(tmp_path / "lib").sampled == 1
    assert contents(tmp_path / "lib") == before


def test_threads_and_place_do_not_change_a_byte_but_the_seed_does(tmp_path):
    build(tmp_path / "a", threads=1)
    build(tmp_path / "b", threads=2)
    build(tmp_path / "c", seed=1)
    assert contents(tmp_path / "a") == contents(tmp_path / "b")
    events = [
        [content for name, content in contents(tmp_path / library).items() if name != "manifest.json"]
        for library in "ac"
    ]
    assert not set(events[0]) & set(events[1])


@pytest.mark.parametrize(
    "change", [{"seed": 1}, {"events": N + 1}, {"mass": 0.2}, {"energy_min": 3.0}, {"epsilon": 1e-4}]
)
def test_another_library_is_refused_without_force(tmp_path, change):
    made = build(tmp_path / "lib")
    before = contents(tmp_path / "lib")
    with pytest.raises(OutputError, match=r"lib: holds a library of other parameters \(manifest.json\); use force"):
        build(tmp_path / "lib", **change)
    assert contents(tmp_path / "lib") == before
    other = build(tmp_path / "lib", **change, force=True)
    # Files of the old library would be read as part of the new one.
    assert {path.name for path in other.files} | {"manifest.json"} == set(contents(tmp_path / "lib"))
    assert other.sampled == len(other.files)
    assert made.manifest != other.manifest


@pytest.mark.parametrize("force", [True, False])
def test_event_files_of_unknown_origin_are_refused_and_not_touched(tmp_path, force):
    (tmp_path / "foreign.lhe").write_text("precious")
    with pytest.raises(OutputError, match=r"foreign\.lhe: belongs to no library of this folder"):
        build(tmp_path, force=force)
    assert contents(tmp_path) == {"foreign.lhe": b"precious"}


def test_a_file_of_the_same_name_without_manifest_is_not_overwritten(tmp_path):
    name = build(tmp_path / "lib").files[0].name
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / name).write_text("precious")
    with pytest.raises(OutputError, match="belongs to no library"):
        build(tmp_path / "other")
    assert (tmp_path / "other" / name).read_text() == "precious"


@pytest.mark.parametrize("text", ["{", "[]", '{"files": [{"file": "../x.csv", "energy": 1}]}', '{"files": [{}]}', "{}"])
@pytest.mark.parametrize("force", [True, False])
def test_a_file_that_only_looks_like_a_manifest_is_left_alone(tmp_path, text, force):
    (tmp_path / "x.csv").write_text("precious")
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib" / "manifest.json").write_text(text)
    with pytest.raises(OutputError, match="is no manifest of an event library"):
        build(tmp_path / "lib", force=force)
    assert (tmp_path / "x.csv").read_text() == "precious"
    assert contents(tmp_path / "lib") == {"manifest.json": text.encode()}


def test_a_place_that_is_no_folder_is_refused_before_sampling(tmp_path):
    (tmp_path / "file").write_text("")
    for place in ("file", "file/lib"):
        with pytest.raises(OutputError, match="cannot make the folder"):
            build(tmp_path / place, sample=None)


def test_energies_below_threshold_are_left_out_with_a_note(tmp_path):
    made = build(tmp_path, mass=1.5, energy_max=3.0, energy_min=1.2, target="Pb")
    threshold = threshold_energy(1.5, beam="e-", target="Pb")
    left_out = made.manifest["left_out"]
    sampled = [entry["energy"] for entry in made.manifest["files"]]
    assert sampled == [E for E in ladder(3.0, 1.2, 0.1) if E > threshold]
    assert sampled + left_out["energies"] == list(ladder(3.0, 1.2, 0.1))
    assert left_out["reason"] == f"at or below the threshold of {threshold:.9g} GeV: the reaction is closed"


def test_a_failure_while_sampling_is_not_hidden_and_keeps_what_is_done(tmp_path):
    def sample(mediator, mass, energy, n, **options):
        if energy < 6.0:
            msg = "overweight"
            raise ConvergenceError(msg)
        return event_fakes.sample(mediator, mass, energy, n, **options)

    with pytest.raises(ConvergenceError):
        build(tmp_path, sample=sample)
    kept = json.loads((tmp_path / "manifest.json").read_text())["files"]
    assert [entry["energy"] for entry in kept] == [E for E in ladder(8.0, 4.0, 0.1) if E >= 6.0]


def test_progress_counts_files(tmp_path):
    seen = []
    made = build(tmp_path, progress=lambda *call: seen.append(call))
    assert [call[0] for call in seen] == list(range(1, len(made.files) + 1))
    assert {call[1] for call in seen} == {len(made.files)}
    assert seen[0][2] == "8 GeV"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"step": 0.11}, r"step must be above 0 and at most 0\.1, got 0\.11"),
        ({"step": 0.0}, "step must be above 0"),
        ({"step": 1e-300}, "step must leave at most 10000 energies from"),
        ({"step": float("nan")}, "step must be finite"),
        ({"energy_min": 9.0}, "energy_min must not be above energy_max, got energy_min = 9 and energy_max = 8"),
        ({"energy_min": 0.0}, "energy_min must be finite and > 0"),
        ({"energy_max": [8.0, 9.0]}, "energy_max must be one number"),
        ({"mass": -1.0}, "mass must be finite and > 0"),
        ({"mass": 100.0}, "energy_max must be above the threshold of 1.* GeV for a mass of 100 GeV, got 8"),
        ({"events": 0}, "events must be a whole number from 1 to"),
        ({"events": 10.0}, r"events must be a whole number .* got 10\.0"),
        ({"events": True}, "events must be a whole number .* got True"),
        ({"seed": -1}, "seed must be a whole number from 0 to"),
        ({"seed": 2**64}, "seed must be a whole number from 0 to"),
        ({"format": "hepmc"}, r"format must be one of 'csv\.gz', 'csv', 'lhe\.gz', 'lhe', got 'hepmc'"),
        ({"mediator_id": 1023}, "mediator_id must not be given for format 'csv.gz'"),
        ({"mediator": "vectr"}, "did you mean 'vector'"),
        ({"beam": "e"}, "beam must be one of"),
        ({"form_factor": "tsia"}, "did you mean 'tsai'"),
        ({"coupling": float("inf")}, "coupling must be finite"),
        ({"coupling": 1.0, "epsilon": 1.0}, "coupling and epsilon must not both be given"),
        ({"rtol": 2.0}, "rtol must be between"),
        ({"threads": 0}, "threads must be a whole number >= 1"),
    ],
)
def test_bad_arguments_are_named_and_nothing_is_made(tmp_path, options, message):
    with pytest.raises(DomainError, match=message):
        build(tmp_path / "lib", **options)
    assert not (tmp_path / "lib").exists()
