"""The rules of the house that a machine can check."""

from __future__ import annotations

import ast
import inspect
import re
import subprocess
from pathlib import Path

import pytest

import pheno

ROOT = Path(__file__).parents[2]
LONGEST_FILE = 600
LONGEST_FUNCTION = 60


def tracked() -> list[Path]:
    """Files that git knows, or in an unpacked archive those that are there."""
    try:
        run = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True)
        paths = [ROOT / line for line in run.stdout.splitlines()]
    except (OSError, subprocess.CalledProcessError):
        folders = ("pheno", "cpp", "tests", "tools", "docs", "tables", "examples", "benchmarks")
        paths = [path for folder in folders for path in (ROOT / folder).rglob("*")]
    return [path for path in paths if path.is_file()]


TEXT = {".py", ".pyi", ".hpp", ".cpp", ".md", ".toml", ".txt", ".cff", ".bib", ".yaml", ".yml", ".csv", ""}
FILES = [path for path in tracked() if path.suffix in TEXT]
CODE = [path for path in FILES if path.suffix in {".py", ".cpp", ".hpp"} and "generated" not in path.parts]


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", CODE, ids=name)
def test_no_file_is_too_long(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST_FILE


@pytest.mark.parametrize("path", [path for path in CODE if path.suffix == ".py"], ids=name)
def test_no_function_is_too_long(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef):
            docstring = ast.get_docstring(node)
            lines = node.end_lineno - node.lineno + 1 - (len(docstring.splitlines()) + 1 if docstring else 0)
            assert lines <= LONGEST_FUNCTION, f"{node.name} has {lines} lines"


#: A home directory, a temporary one, or the root of somebody's machine.
MACHINE_PATH = re.compile(r"(?<![\w./:~$}])/(?:home|root|work|Users|mnt|scratch|tmp/\w)[/\w]")


@pytest.mark.parametrize("path", FILES, ids=name)
def test_no_path_of_somebodys_machine(path):
    if path == Path(__file__):
        return
    lines = path.read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if MACHINE_PATH.search(line)] == []


def public_functions():
    """What ``import pheno`` offers, functions and the classes with their public methods."""
    for label in pheno.__all__:
        thing = getattr(pheno, label)
        if inspect.isfunction(thing):
            yield label, thing


@pytest.mark.parametrize(("label", "function"), list(public_functions()))
def test_docstring_is_a_contract(label, function):
    text = inspect.getdoc(function)
    sections = re.findall(r"^(\w+)\n-+$", text, re.MULTILINE)
    needed = {"Returns", "Raises", "Examples"}
    if inspect.signature(function).parameters:
        needed |= {"Parameters"}
    assert needed <= set(sections)
    documented = text.partition("Parameters")[2]
    for parameter in inspect.signature(function).parameters:
        assert re.search(rf"^[*\w, ]*\b{parameter}\b", documented, re.MULTILINE), f"{parameter} is not documented"


@pytest.mark.parametrize("label", [label for label in pheno.__all__ if not label.startswith("__")])
def test_public_things_are_documented(label):
    thing = getattr(pheno, label)
    assert inspect.getdoc(thing)


def test_version_is_in_the_changelog_and_the_citation():
    version = re.search(r'^version = "(.+)"$', (ROOT / "pyproject.toml").read_text(), re.MULTILINE)[1]
    assert f"## {version}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"version: {version}" in (ROOT / "CITATION.cff").read_text(encoding="utf-8")
