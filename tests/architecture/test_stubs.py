"""The committed stub of the compiled module is what the compiled module has."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
STUB = ROOT / "pheno" / "_core.pyi"


def test_stub_is_up_to_date(tmp_path):
    command = [sys.executable, str(ROOT / "tools" / "stubs.py"), "--output", str(tmp_path)]
    subprocess.run(command, check=True, capture_output=True)
    fresh = (tmp_path / "_core.pyi").read_text(encoding="utf-8")
    assert STUB.read_text(encoding="utf-8") == fresh, "run `nox -s regenerate` and review the diff"
