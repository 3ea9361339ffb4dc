"""README.md is true: its examples return what it says, its speeds are the measured ones, its links lead somewhere."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

import pytest
import readme_numbers
from readme_numbers import README, ROOT, SPEED, code_blocks

TEXT = README.read_text(encoding="utf-8")
BLOCKS = code_blocks(TEXT)


def test_there_are_examples() -> None:
    assert any(block.startswith(">>>") for block in BLOCKS)


@pytest.mark.parametrize("block", BLOCKS)
def test_examples(block: str) -> None:
    if not block.startswith(">>>"):
        exec(block, {})  # noqa: S102 (our own README)
        return
    test = doctest.DocTestParser().get_doctest(block, {}, "README.md", str(README), 0)
    failures: list[str] = []
    doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE).run(test, out=failures.append)
    assert not failures, "".join(failures)


def test_speeds_are_those_of_the_benchmark() -> None:
    shown = SPEED.search(TEXT)
    assert shown is not None
    assert shown[2] == readme_numbers.speeds()


def test_links() -> None:
    targets = re.findall(r"\]\(([^)#]+)\)", TEXT)
    assert targets
    for target in targets:
        if "://" not in target:
            assert (ROOT / target).is_file(), target


def test_the_two_commands_come_first() -> None:
    first_screen = TEXT.splitlines()[:20]
    commands = [
        Path(line.split(" && ")[-1].split()[0]).name for line in first_screen if line.startswith("python3 -m venv")
    ]
    assert commands == ["pheno", "pytest"]
