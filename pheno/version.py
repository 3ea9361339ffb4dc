"""Which pheno this is."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version
from typing import Final

__all__ = ["__version__"]


def _installed() -> str:
    try:
        return version("pheno-darksector")
    except PackageNotFoundError:  # imported from a source tree that nobody installed
        return "0+uninstalled"


#: Version of the installed distribution.
__version__: Final = _installed()
