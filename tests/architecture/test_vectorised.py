"""The hot loops are vectorised: one comparison too many in a formula, and they run four times as long, silently."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections import defaultdict
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HEADERS = ROOT / "cpp" / "include" / "pheno"
OPTIMIZED = re.compile(r"/pheno/(\w+\.hpp):(\d+):\d+: optimized: loop vectorized using 32 byte vectors")

#: Everything that has a hot loop of its own, for one mediator of each kind.
PROGRAM = """
#include "pheno/angle_spectrum.hpp"
#include "pheno/etl.hpp"
#include "pheno/spectrum.hpp"
#include "pheno/thermal.hpp"
using namespace pheno;
template <class Amplitude>
double all(const EtlProcess<Amplitude>& process, const EnergyShare<double>& share, double angle) {
    return etl_total(process, 1.0, 0.1, 1.0, 1e-4).value + energy_spectrum(process, 1.0, share, 1e-4).value +
           angle_spectrum<Seen::mediator>(process, 1.0, share, angle, 1e-4).value +
           angle_spectrum<Seen::lepton>(process, 1.0, share, angle, 1e-4).value;
}
template double all(const EtlProcess<SpinZeroOneAmplitude<Mediator::vector>>&, const EnergyShare<double>&, double);
template double all(const EtlProcess<TensorAmplitude>&, const EnergyShare<double>&, double);
const auto row = &detail::boltzmann_row;
const auto product = &detail::dot_product;
void* used[] = {reinterpret_cast<void*>(row), reinterpret_cast<void*>(product)};
"""


def hot_functions():
    """Header, name, first and last line of every function that is marked."""
    for path in sorted(HEADERS.glob("*.hpp")):
        lines = path.read_text(encoding="utf-8").splitlines()
        for first, line in enumerate(lines):
            if "PHENO_HOT" not in line or line.startswith(("///", "#define")):
                continue
            indent = line[: len(line) - len(line.lstrip())]
            last = next(i for i in range(first, len(lines)) if lines[i] == indent + "}")
            name = re.search(r"(\w+)\(", " ".join(lines[first:last]))[1]
            yield path.name, name, first + 1, last + 1


def has_wide_clones():
    """Whether the compiler is one for which hot.hpp makes versions for wide registers."""
    compiler = shutil.which("g++")
    if compiler is None:
        return False
    macros = subprocess.run(
        [compiler, "-dM", "-E", "-x", "c++", "/dev/null"], capture_output=True, text=True, check=True
    )
    found = {name: value for _, name, value in (f"{line} ".split(" ", 2) for line in macros.stdout.splitlines())}
    wide = {"__x86_64__", "__linux__", "__GNUC__"} <= set(found) and "__clang__" not in found
    return wide and int(found["__GNUC__"]) >= 12


@pytest.mark.skipif(not has_wide_clones(), reason="g++ 12 or newer on x86-64 Linux reports it")
def test_every_hot_loop_is_vectorised(tmp_path):
    source = tmp_path / "all.cpp"
    source.write_text(PROGRAM, encoding="utf-8")
    options = re.search(r"pheno_options INTERFACE (-O3.*?) -W", (ROOT / "CMakeLists.txt").read_text(encoding="utf-8"))[
        1
    ]
    command = ["g++", "-std=c++17", *options.split(), "-fopt-info-vec-optimized"]
    command += ["-I", str(ROOT / "cpp" / "include"), "-I", str(ROOT / "cpp" / "generated")]
    done = subprocess.run(
        [*command, "-c", str(source), "-o", str(tmp_path / "all.o")], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    vectorised = defaultdict(set)
    for file, line in OPTIMIZED.findall(done.stderr):
        vectorised[file].add(int(line))
    functions = list(hot_functions())
    assert len(functions) >= 10
    slow = [
        f"{file}: {name}"
        for file, name, first, last in functions
        if not any(first <= line <= last for line in vectorised[file])
    ]
    assert slow == []
