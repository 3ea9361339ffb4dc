"""The C++ reader: compiles alone as C++11 to C++20, gives Python's numbers, refuses what Python refuses."""

from __future__ import annotations

import math
import os
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
import table_fakes
from unit.test_tables_format import DAMAGE, EDITS, _resign

from pheno.tables import build_table, include_directory, load_spec, read_table

ROOT = Path(__file__).parents[2]
COMPILER = os.environ.get("CXX") or shutil.which("g++") or shutil.which("clang++")
STRICT = ["-O1", "-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Wshadow", "-Werror"]

PROGRAM = r"""
#include <pheno/table.hpp>
#include <cstdio>
#include <iostream>

// table FILE < pairs of mass and energy: value of both ways to look up, or what was thrown
int main(int, char** words) try {
    const pheno::Table table(words[1]);
    double mass = 0.0, energy = 0.0;
    std::string m, E;
    while (std::cin >> m >> E) {
        mass = std::strtod(m.c_str(), nullptr);
        energy = std::strtod(E.c_str(), nullptr);
        try {
            const double value = table(mass, energy);
            std::printf("%.17g %.17g\n", value, table.at_mass(mass)(energy));
        } catch (const std::out_of_range& error) {
            std::printf("out_of_range %s\n", error.what());
        }
    }
    return 0;
} catch (const std::runtime_error& error) {
    std::printf("%s\n", error.what());
    return 3;
}
"""


def compile_program(source: Path, program: Path, standard: str) -> Path:
    if COMPILER is None:
        pytest.skip("no C++ compiler")
    include = ["-I", str(include_directory())]
    command = [COMPILER, f"-std={standard}", *STRICT, *include, str(source), "-o", str(program)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return program


@pytest.fixture(scope="module")
def table_file(tmp_path_factory):
    spec = load_spec("na64e")
    folder = tmp_path_factory.mktemp("tables") / "na64e"
    build_table(spec, folder, mediators=["vector"], evaluate=table_fakes.evaluate_for(spec))
    return folder / "vector.pht"


@pytest.fixture(scope="module", params=["c++11", "c++17", "c++20"])
def reader(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("reader")
    (folder / "reader.cpp").write_text(PROGRAM)
    return compile_program(folder / "reader.cpp", folder / "reader", request.param)


def ask(reader: Path, file: Path, points) -> list[str]:
    text = "".join(f"{float(m)!r} {float(E)!r}\n" for m, E in points)
    done = subprocess.run([reader, file], input=text, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    return done.stdout.splitlines()


def test_the_reader_gives_the_numbers_of_python(reader, table_file):
    table = read_table(table_file)
    rng = np.random.default_rng(2)
    mass = np.exp(rng.uniform(*np.log(table.mass_range), 2000))
    scale = table.kinematics.lepton_mass
    floor = np.maximum(table.threshold(mass), table.energy_range[0])
    energy = np.minimum(floor + scale * np.expm1(rng.uniform(1e-3, 12.5, mass.size)), table.energy_range[1])
    # every corner, and the line where the panels meet
    edges = [(m, E) for m in (*table.mass_range, table.panels[0].mass_high) for E in table.energy_range]
    mass, energy = np.append(mass, [m for m, _ in edges]), np.append(energy, [E for _, E in edges])
    expected = table(mass, energy)
    found = np.array(
        [[float(x) for x in line.split()] for line in ask(reader, table_file, zip(mass, energy, strict=True))]
    )
    # T = E - E_thr carries the rounding of E: relative 1e-16 E/T, the same in both, but 1 + T/m_l is rounded again.
    np.testing.assert_allclose(found, np.stack([expected, expected], axis=1), rtol=1e-12)


def test_below_threshold_is_exactly_zero(reader, table_file):
    threshold = float(read_table(table_file).threshold(2.0))
    points = [(2.0, threshold), (2.0, 0.99 * threshold), (3.0, 1.0), (3.0, 0.1)]
    assert ask(reader, table_file, points) == ["0 0"] * len(points)


@pytest.mark.parametrize(
    ("mass", "energy", "name"),
    [
        (0.1, 0.5, "energy"),
        (0.1, 100.1, "energy"),
        (0.1, -1.0, "energy"),
        (0.1, math.nan, "energy"),
        (0.1, math.inf, "energy"),
        (9e-4, 50.0, "mass"),
        (3.1, 50.0, "mass"),
        (math.nan, 50.0, "mass"),
    ],
)
def test_outside_the_range_throws(reader, table_file, mass, energy, name):
    (line,) = ask(reader, table_file, [(mass, energy)])
    assert line.startswith(f"out_of_range pheno::Table: {name} must be between")


def refused(reader: Path, file: Path) -> str:
    done = subprocess.run([reader, file], input="", capture_output=True, text=True, check=False)
    assert done.returncode == 3, (done.returncode, done.stdout, done.stderr)
    return done.stdout


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE.keys())
def test_a_damaged_file_is_refused(reader, table_file, tmp_path, damage):
    (tmp_path / "x.pht").write_text(damage(table_file.read_text()))
    assert "x.pht:" in refused(reader, tmp_path / "x.pht")


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS.keys())
def test_a_file_of_another_kind_is_refused_even_with_a_valid_digest(reader, table_file, tmp_path, edit):
    (tmp_path / "x.pht").write_text(_resign(edit(table_file.read_text())))
    assert "x.pht:" in refused(reader, tmp_path / "x.pht")


def test_a_missing_file_is_named(reader, tmp_path):
    assert "none.pht: cannot open" in refused(reader, tmp_path / "none.pht")


@pytest.mark.parametrize("order", [4, 6, 8])
def test_every_order_is_read(reader, tmp_path, order):
    text = (ROOT / "tables" / "specs" / "na64e.toml").read_text()
    (tmp_path / "spec.toml").write_text(text.replace("rtol = 1e-4", f"rtol = 1e-4\ninterpolation_order = {order}"))
    spec = load_spec(tmp_path / "spec.toml")
    build_table(spec, tmp_path / "t", mediators=["scalar"], evaluate=table_fakes.evaluate_for(spec))
    points = [(0.05, 7.0), (1.7, 1.9), (2.9, 99.0)]
    expected = [float(read_table(tmp_path / "t" / "scalar.pht")(*point)) for point in points]
    found = [float(line.split()[0]) for line in ask(reader, tmp_path / "t" / "scalar.pht", points)]
    assert found == pytest.approx(expected, rel=1e-12)


def test_the_example_for_geant4_runs(table_file, tmp_path):
    program = compile_program(ROOT / "examples" / "geant4" / "main.cpp", tmp_path / "dark_brem", "c++11")
    done = subprocess.run([program, table_file, "0.1", "1e-4"], capture_output=True, text=True, check=True)
    rows = [line.split() for line in done.stdout.splitlines()[3:]]
    table = read_table(table_file)
    assert len(rows) == 7
    for energy, sigma, mean_free_path in rows:
        per_nucleus = float(table(0.1, float(energy))) * 1e-8 * 4 * math.pi / 137.035999177
        assert float(sigma) == pytest.approx(per_nucleus, rel=1e-5)  # six digits are printed
        lead_per_mm3 = 11.35 / 207.2 * 6.02214076e23 * 1e-3
        assert float(mean_free_path) == pytest.approx(1.0 / (per_nucleus * 1e-34 * lead_per_mm3), rel=1e-5)


def test_the_example_wants_the_table_of_all_x(table_file, tmp_path):
    program = compile_program(ROOT / "examples" / "geant4" / "main.cpp", tmp_path / "dark_brem", "c++11")
    cut = table_file.with_name("vector_x0.5.pht")
    done = subprocess.run([program, cut, "0.1", "1e-4"], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "needs the table of all x" in done.stderr
