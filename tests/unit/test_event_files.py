"""Event files: read back by other people's readers and by the rules of G4DarkBreM's parser, with nothing lost."""

from __future__ import annotations

import errno
import gzip
import os
from dataclasses import replace
from pathlib import Path

import event_fakes
import numpy as np
import pytest

from pheno import files
from pheno.errors import DomainError, OutputError
from pheno.event_files import FORMATS, write_events
from pheno.matter import nuclear_mass

N = 200
SET_UPS = {
    "electrons": {"mass": 0.1, "energy": 8.0, "beam": "e-", "target": "W"},
    # m_e^2/E^2 is 3e-11 here: what is written must have all digits
    "fast": {"mass": 1e-3, "energy": 100.0, "beam": "e-", "target": "Pb"},
    "muons": {"mass": 1.0, "energy": 160.0, "beam": "mu-", "target": "Al"},
}


def make(name="electrons", **changes):
    options = {**SET_UPS[name], "seed": 3, **changes}
    return event_fakes.sample("vector", options.pop("mass"), options.pop("energy"), N, **options)


@pytest.fixture(params=SET_UPS)
def events(request):
    return make(request.param)


def incoming(events):
    """Sum of the incoming four-momenta (E, x, y, z), for each event."""
    pz = np.sqrt((events.energy - events.beam.mass) * (events.energy + events.beam.mass))
    M = nuclear_mass(1.0) * events.A
    return np.column_stack([events.energy + M, np.zeros((len(events), 2)), np.full(len(events), pz)])


def assert_conserved(events, outgoing):
    # The doubles conserve to their rounding, of which the nucleus has most; so must what was read back.
    rounding = np.finfo(float).eps * (events.energy + nuclear_mass(events.A.max()))
    assert np.abs(sum(outgoing) - incoming(events)).max() < 8 * rounding


def read_lhe(path):
    """Return the LHE file as pylhe reads it, and its momenta: (event, particle, (E, x, y, z))."""
    pylhe = pytest.importorskip("pylhe")
    file = pylhe.LHEFile.fromfile(str(path))
    events = list(file.events)
    momenta = np.array([[[p.e, p.px, p.py, p.pz] for p in event.particles] for event in events])
    return file.init, events, momenta


@pytest.mark.parametrize("suffix", ["lhe", "lhe.gz"])
def test_lhe_is_read_by_pylhe(events, tmp_path, suffix):
    path = write_events(events, tmp_path / f"events.{suffix}")
    init, read, momenta = read_lhe(path)
    assert (init.initInfo.beamA, init.initInfo.beamB) == (events.beam.pdg, -623)
    assert (init.initInfo.energyA, init.initInfo.energyB) == (events.energy, nuclear_mass(events.A[0]))
    assert (init.initInfo.weightingStrategy, init.initInfo.numProcesses) == (3, 1)
    (process,) = init.procInfo
    assert (process.xSection, process.error) == (events.cross_section, events.error)
    assert len(read) == N
    lepton = events.beam.pdg
    for event in read:
        assert event.eventinfo.nparticles == 5
        assert event.eventinfo.weight == 1.0
        assert [(p.id, p.status) for p in event.particles] == [
            (lepton, -1), (-623, -1), (lepton, 1), (-623, 1), (622, 1)
        ]  # fmt: skip
        assert [(p.mother1, p.mother2) for p in event.particles] == [(0, 0)] * 2 + [(1, 2)] * 3
    masses = [p.m for p in read[0].particles]
    assert masses == [events.beam.mass, nuclear_mass(events.A[0])] * 2 + [events.mass]
    for column, expected in ((2, events.p_lepton), (3, events.p_nucleus), (4, events.p_mediator)):
        np.testing.assert_array_equal(momenta[:, column], expected)
    np.testing.assert_array_equal(momenta[:, 0] + momenta[:, 1], incoming(events))
    assert_conserved(events, [momenta[:, i] for i in (2, 3, 4)])


@pytest.mark.parametrize("suffix", ["lhe", "lhe.gz", "csv", "csv.gz"])
def test_g4darkbrem_reads_events_of_one_element(events, tmp_path, suffix):
    path = write_events(events, tmp_path / f"events.{suffix}")
    library = event_fakes.parse_library(path)
    assert list(library) == [events.Z[0]]
    assert list(library[events.Z[0]]) == [events.energy]
    recoil, pair = (np.array(v) for v in zip(*library[events.Z[0]][events.energy], strict=True))
    np.testing.assert_array_equal(recoil, events.p_lepton)
    np.testing.assert_array_equal(pair, events.p_lepton + events.p_mediator)
    assert_conserved(events, [pair, events.p_nucleus])
    # Lepton and mediator keep their mass: E^2 - p^2 cancels to eps E^2 for the doubles themselves.
    rounding = 16 * np.finfo(float).eps * events.energy**2
    for momentum, mass in ((recoil, events.beam.mass), (pair - recoil, events.mass)):
        np.testing.assert_allclose(
            momentum[:, 0] ** 2 - np.sum(momentum[:, 1:] ** 2, axis=1), mass**2, rtol=0, atol=rounding
        )


def test_lhe_has_what_the_analysis_of_libraries_looks_for(events, tmp_path):
    lines = write_events(events, tmp_path / "events.lhe").read_text().split("\n")
    (integrated,) = [line for line in lines if "Integrated" in line]
    assert float(integrated.split()[-1]) == events.cross_section
    first_event = lines.index("<event>")
    (znuc,) = [i for i, line in enumerate(lines) if "Znuc" in line]
    assert znuc < first_event
    assert lines[znuc].split()[1:] == [str(events.Z[0]), "#", "Znuc"]


def test_cross_section_is_in_picobarn_whatever_the_unit_of_the_sample(tmp_path):
    path = write_events(make(unit="fb"), tmp_path / "events.lhe")
    (line,) = [line for line in path.read_text().split("\n") if "Integrated" in line]
    assert float(line.split()[-1]) == pytest.approx(1e5 / 8.0 / 1000, rel=1e-14)  # 12500 fb


def test_g4darkbrem_does_not_find_antileptons_unless_they_are_renamed(tmp_path):
    events = make(beam="e+")
    path = write_events(events, tmp_path / "pdg.lhe")
    assert event_fakes.parse_library(path) == {}
    init, _, _ = read_lhe(path)
    assert init.initInfo.beamA == -11
    path = write_events(events, tmp_path / "renamed.lhe", lepton_id=11)
    assert len(event_fakes.parse_library(path)[74][8.0]) == N


def test_numbers_of_particles_can_be_chosen(tmp_path):
    events = make()
    path = write_events(events, tmp_path / "events.lhe", nucleus_id="pdg", mediator_id=1023)
    init, read, _ = read_lhe(path)
    assert init.initInfo.beamB == 1000741840
    assert [p.id for p in read[0].particles] == [11, 1000741840, 11, 1000741840, 1023]
    assert event_fakes.parse_library(path) == {}
    assert len(event_fakes.parse_library(path, aprime_id=1023)[74][8.0]) == N


def test_csv_has_one_header_and_no_empty_line(tmp_path):
    lines = write_events(make(), tmp_path / "events.csv").read_text().split("\n")
    assert lines[0] == (
        "target_Z,incident_energy,recoil_energy,recoil_px,recoil_py,recoil_pz,"
        "centerMomentum_energy,centerMomentum_px,centerMomentum_py,centerMomentum_pz"
    )
    assert len(lines) == N + 2
    assert all(line.count(",") == 9 for line in lines[:-1])
    assert lines[-1] == ""  # the end of the last line, nothing after it


def test_a_compound_has_its_nuclei_where_the_format_has_a_place(tmp_path):
    events = make(target="PbWO4")
    library = event_fakes.parse_library(write_events(events, tmp_path / "events.csv"))
    for Z, energies in library.items():
        assert len(energies[8.0]) == np.count_nonzero(events.Z == Z)
    assert set(library) == {8, 74, 82}
    with pytest.raises(DomainError, match=r"target must be one element for format 'lhe', .* got 'PbWO4' of 3"):
        write_events(events, tmp_path / "events.lhe")
    assert not (tmp_path / "events.lhe").exists()


@pytest.mark.parametrize("suffix", ["hepmc", "hepmc.gz"])
@pytest.mark.parametrize("target", ["W", "PbWO4"])
def test_hepmc_is_read_by_pyhepmc(tmp_path, suffix, target):
    pyhepmc = pytest.importorskip("pyhepmc")
    events = make(target=target)
    path = write_events(events, tmp_path / f"events.{suffix}")
    with pyhepmc.open(str(path)) as file:
        read = list(file)
    assert len(read) == N
    momenta = np.empty((N, 5, 4))
    for i, event in enumerate(read):
        assert event.event_number == i
        assert (event.momentum_unit, event.length_unit) == (pyhepmc.Units.GEV, pyhepmc.Units.MM)
        assert event.weights == [1.0]
        # HepMC3 writes the cross section with nine digits.
        assert event.cross_section.xsec() == pytest.approx(events.cross_section, rel=1e-8)
        assert event.cross_section.xsec_err() == pytest.approx(events.error, rel=1e-8)
        (vertex,) = event.vertices
        nucleus = 1_000_000_000 + 10_000 * int(events.Z[i]) + 10 * int(events.A[i])
        assert [(p.pid, p.status) for p in vertex.particles_in] == [(11, 4), (nucleus, 4)]
        assert [(p.pid, p.status) for p in vertex.particles_out] == [(11, 1), (nucleus, 1), (622, 1)]
        M = nuclear_mass(events.A[i])
        particles = [*vertex.particles_in, *vertex.particles_out]
        assert [p.generated_mass for p in particles] == [events.beam.mass, M, events.beam.mass, M, 0.1]
        momenta[i] = [(p.momentum.e, p.momentum.px, p.momentum.py, p.momentum.pz) for p in particles]
    np.testing.assert_array_equal(momenta[:, 2], events.p_lepton)
    np.testing.assert_array_equal(momenta[:, 3], events.p_nucleus)
    np.testing.assert_array_equal(momenta[:, 4], events.p_mediator)
    assert_conserved(events, [momenta[:, i] for i in (2, 3, 4)])
    (tool,) = read[0].run_info.tools
    assert tool.name == "pheno"
    assert "mass 0.1 GeV" in tool.description


def test_parquet_has_every_event_and_what_was_sampled(events, tmp_path):
    pq = pytest.importorskip("pyarrow.parquet")
    table = pq.read_table(write_events(events, tmp_path / "events.parquet"))
    for particle in ("lepton", "mediator", "nucleus"):
        columns = [table[f"{particle}_{name}"].to_numpy() for name in ("E", "px", "py", "pz")]
        np.testing.assert_array_equal(np.column_stack(columns), getattr(events, f"p_{particle}"))
    np.testing.assert_array_equal(table["Z"].to_numpy(), events.Z)
    np.testing.assert_array_equal(table["A"].to_numpy(), events.A)
    assert [table.schema.field(name).metadata[b"units"] for name in ("Z", "lepton_E")] == [b"1", b"GeV"]
    metadata = table.schema.metadata
    assert metadata[b"mediator"] == b"vector 1 -"
    assert metadata[b"energy"] == f"{events.energy!r} GeV".encode()
    assert metadata[b"cross_section"] == f"{events.cross_section!r} pb".encode()
    assert metadata[b"seed"] == b"3"


def _require(format_):
    pytest.importorskip({"hepmc": "pyhepmc", "parquet": "pyarrow"}.get(format_.removesuffix(".gz"), "numpy"))


@pytest.mark.parametrize("format_", FORMATS)
def test_same_sample_same_bytes(tmp_path, format_, monkeypatch):
    _require(format_)
    first = write_events(make(), tmp_path / f"a.{format_}").read_bytes()
    monkeypatch.setattr("time.time", lambda: 1e9)  # no time of day in it
    assert write_events(make(), tmp_path / "b", format=format_).read_bytes() == first
    assert write_events(make(seed=4), tmp_path / "c", format=format_).read_bytes() != first
    if format_.endswith(".gz"):
        plain = write_events(make(), tmp_path / "d", format=format_.removesuffix(".gz")).read_bytes()
        assert gzip.decompress(first) == plain


@pytest.mark.parametrize("format_", FORMATS)
def test_many_events_are_written_in_pieces_that_join(tmp_path, format_, monkeypatch):
    _require(format_)
    whole = write_events(make(), tmp_path / "whole", format=format_).read_bytes()
    monkeypatch.setattr("pheno.event_files.common.CHUNK", 7)
    monkeypatch.setattr("pheno.event_files.hepmc.PIECE", 1000)
    calls = []
    pieces = write_events(
        make(), tmp_path / "pieces", format=format_, progress=lambda *call: calls.append(call)
    ).read_bytes()
    assert calls[-1] == (len(make()), len(make()), "events")
    assert [done for done, _, _ in calls] == sorted({done for done, _, _ in calls})
    same = (gzip.decompress(whole), gzip.decompress(pieces)) if format_.endswith(".gz") else (whole, pieces)
    assert same[0] == same[1]


def test_existing_file_is_not_overwritten_without_force(tmp_path):
    path = tmp_path / "events.csv"
    path.write_text("precious")
    with pytest.raises(OutputError, match=r"events\.csv: exists; use force to overwrite"):
        write_events(make(), path)
    assert path.read_text() == "precious"
    write_events(make(), path, force=True)
    assert path.read_text().startswith("target_Z,")


@pytest.mark.parametrize("format_", ["lhe", "csv.gz", "hepmc"])
def test_a_full_disk_names_the_file_and_leaves_the_old_one(tmp_path, monkeypatch, format_):
    _require(format_)
    path = tmp_path / f"events.{format_}"
    path.write_text("precious")

    def full(path, content):
        with path.open("wb") as file:
            file.write(next(iter(content))[:10])
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(files, "_write", full)
    with pytest.raises(OutputError, match=f"{path.name}: cannot write: No space left on device"):
        write_events(make(), path, force=True)
    assert path.read_text() == "precious"
    assert list(tmp_path.iterdir()) == [path]


def test_an_interrupt_while_writing_leaves_nothing_behind(tmp_path, monkeypatch):
    def stop(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("pheno.event_files.lhe._pieces", lambda *_: (stop() if i else b"<Les" for i in range(2)))
    with pytest.raises(KeyboardInterrupt):
        write_events(make(), tmp_path / "events.lhe")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written_to_is_refused(tmp_path, monkeypatch):
    with pytest.raises(OutputError, match="absent: the folder does not exist"):
        write_events(make(), tmp_path / "absent" / "events.lhe")
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="file: is a file, not a folder"):
        write_events(make(), tmp_path / "file" / "events.lhe")
    with pytest.raises(OutputError, match="is a folder, not a file"):
        write_events(make(), tmp_path, format="lhe")
    tmp_path.chmod(0o500)
    try:
        if os.access(tmp_path, os.W_OK):  # the superuser may write everywhere
            monkeypatch.setattr("tempfile.TemporaryFile", _denied)
        with pytest.raises(OutputError, match="cannot write there: Permission denied"):
            write_events(make(), tmp_path / "events.lhe")
    finally:
        tmp_path.chmod(0o700)


def _denied(*_, **__):
    raise PermissionError(errno.EACCES, "Permission denied")


@pytest.mark.parametrize(
    ("name", "options", "message"),
    [
        ("events.txt", {}, r"path must end in one of \.lhe, .*\.parquet, or format be given, got '.*events\.txt'"),
        ("lhe", {}, "path must end in"),
        ("events.lhe", {"format": "lh"}, r"format must be one of 'lhe', .*got 'lh'; did you mean 'lhe'\?"),
        ("events.csv", {"mediator_id": 1023}, "mediator_id must not be given for format 'csv'"),
        ("events.parquet", {"nucleus_id": "pdg"}, "nucleus_id must not be given for format 'parquet'"),
        ("events.lhe", {"mediator_id": 0}, "mediator_id must be a whole number of 32 bits, not 0, got 0"),
        ("events.lhe", {"mediator_id": 2**31}, "mediator_id must be a whole number of 32 bits"),
        ("events.lhe", {"lepton_id": True}, "lepton_id must be a whole number .* got True"),
        ("events.lhe", {"lepton_id": 11.0}, "lepton_id must be a whole number .* got 11.0"),
        ("events.lhe", {"nucleus_id": "mg"}, "nucleus_id must be a whole number of 32 bits, not 0 or 'pdg', got 'mg'"),
    ],
)  # fmt: skip
def test_bad_arguments_are_named(tmp_path, name, options, message):
    with pytest.raises(DomainError, match=message):
        write_events(make(), tmp_path / name, **options)
    assert list(tmp_path.iterdir()) == []


def test_samples_without_events_or_with_nan_are_refused(tmp_path):
    events = make()
    empty = {name: getattr(events, name)[:0] for name in ("p_lepton", "p_mediator", "p_nucleus", "Z", "A")}
    with pytest.raises(DomainError, match="at least one event"):
        write_events(replace(events, **empty), tmp_path / "events.lhe")
    broken = events.p_mediator.copy()
    broken[5, 2] = np.nan
    with pytest.raises(DomainError, match=r"sample\.p_mediator must be finite, got 1 events"):
        write_events(replace(events, p_mediator=broken), tmp_path / "events.lhe")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("format_", "extra"), [("hepmc", "hepmc"), ("parquet", "tables")])
def test_a_missing_package_is_named_with_its_extra(tmp_path, monkeypatch, format_, extra):
    monkeypatch.setattr(f"pheno.event_files.{format_}.find_spec", lambda _name: None)
    with pytest.raises(DomainError, match=rf"pip install 'pheno-darksector\[{extra}\]'"):
        write_events(make(), tmp_path / f"events.{format_}")
    assert list(Path(tmp_path).iterdir()) == []
