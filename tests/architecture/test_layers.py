"""Dependencies point one way: down the ladder of CONTRIBUTING.md."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "pheno"
CPP = ROOT / "cpp"

#: From the bottom up; a module may import from its own row and from the rows above it in this list.
LAYERS = [
    {"constants", "errors", "version"},
    {"units", "files"},
    {"cards"},
    {"citations", "beams", "mediators", "matter"},
    {"models", "experiments"},
    {"hadrons", "limits"},
    {"_core"},
    {"form_factors", "methods", "event_sample"},
    {"processes"},
    {"loops"},
    {"decays"},
    {"magnetic_moments", "foresee", "relic"},
    {"cross_sections", "spectra"},
    {"events"},
    {"tables", "event_files"},
    {"showers", "track_length"},
    {"positrons", "primakoff"},
    {"production"},
    {"yields"},
    {"reach"},
    {"plots"},
    {"__init__"},
    {"cli"},
]
LEVEL = {name: level for level, layer in enumerate(LAYERS) for name in layer}

#: Who may import what is not ours. numpy and the standard library are free for all.
ONLY_IN = {
    "_core": {
        "cross_sections",
        "events",
        "spectra",
        "methods",
        "form_factors",
        "loops",
        "decays",
        "magnetic_moments",
        "relic",
    },
    "scipy": {"cross_sections", "limits", "production", "showers", "track_length"},
    "pyarrow": {"tables", "event_files"},
    "pyhepmc": {"event_files"},
    "matplotlib": {"plots"},
    "plotly": {"plots"},
    "rich": {"cli"},
    "tomllib": {"cards"},
    "argparse": {"cli"},
}
FORBIDDEN = {"sympy", "mpmath", "vegas", "hypothesis", "pytest"}


def imports(path: Path) -> set[str]:
    """Dotted names of everything a file imports, ``from pheno import x`` included."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert node.level == 0, f"{path.name}: relative import"
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


MODULES = sorted(PACKAGE.rglob("*.py"))


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_imports_point_downwards(path):
    here = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
    assert here in LEVEL, f"pheno.{here} has no place in the ladder: add it to LAYERS and to CONTRIBUTING.md"
    for name in imports(path):
        root, _, rest = name.partition(".")
        there = rest.split(".")[0] if root == "pheno" else root
        if root == "pheno" and there in LEVEL:
            assert LEVEL[there] <= LEVEL[here], f"pheno.{here} may not import pheno.{there}"
        if there in ONLY_IN:
            assert here in ONLY_IN[there], f"pheno.{here} may not import {there}"
        assert root not in FORBIDDEN, f"pheno.{here} may not import {root}: it is for development only"


def test_ladder_has_no_missing_rungs():
    present = {path.relative_to(PACKAGE).parts[0].removesuffix(".py") for path in MODULES} | {"_core"}
    assert set(LEVEL) == present


def includes(path: Path) -> set[str]:
    return set(re.findall(r'^\s*#\s*include\s*[<"]([^>"]+)[>"]', path.read_text(encoding="utf-8"), re.MULTILINE))


CORE = sorted([*CPP.glob("include/**/*.hpp"), *CPP.glob("generated/**/*.hpp")])

#: Neither Python, nor input and output, nor other people's libraries.
NOT_IN_CORE = re.compile(
    r"pybind11|Python\.h|iostream|fstream|cstdio|stdio\.h|filesystem|exception|stdexcept|gsl/|boost/|omp\.h"
)


@pytest.mark.parametrize("path", CORE, ids=lambda p: p.name)
def test_core_knows_no_python_no_files_no_exceptions(path):
    for name in includes(path):
        assert not NOT_IN_CORE.search(name), f"{path.name} includes {name}"
    code = re.sub(r"//.*", "", path.read_text(encoding="utf-8"))
    assert not re.search(r"\bthrow\b", code), f"{path.name} throws"


def test_there_is_a_core():
    assert CORE


def test_quadrature_knows_no_physics():
    physics = {"amplitude.hpp", "form_factor.hpp", "kinematics.hpp", "limits.hpp"}
    for path in CPP.glob("include/pheno/quadrature*.hpp"):
        assert not {name.rsplit("/")[-1] for name in includes(path)} & physics


def test_reader_for_simulators_needs_only_the_standard_library():
    for path in (PACKAGE / "include").rglob("*.hpp"):
        ours = {f"pheno/{other.name}" for other in path.parent.glob("*.hpp")}
        assert all(name in ours or re.fullmatch(r"[a-z_]+", name) for name in includes(path)), path.name
