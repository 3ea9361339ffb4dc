"""Files that appear whole or not at all, and that are refused before anything is calculated."""

from __future__ import annotations

import tempfile
import zlib
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from pheno.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

__all__ = ["compress", "require_folder", "require_new", "write_files"]

#: Digits of momenta are random: level 9 takes sixteen times as long as level 1 and saves 7 % of the bytes.
_LEVEL = 1


def write_files(contents: Mapping[Path, bytes | Iterable[bytes]]) -> None:
    """Write all files or none: under temporary names first, then renamed.

    A content may come in pieces, which are written as they come.

    Raises
    ------
    OutputError
        If a file cannot be written, a full disk included: the message names it.
    """
    parts = {path.with_name(path.name + ".part"): path for path in contents}
    path = Path()
    try:
        for part, path in parts.items():
            part.parent.mkdir(parents=True, exist_ok=True)
            _write(part, contents[path])
        for part, path in parts.items():
            part.replace(path)
    except OSError as error:
        msg = f"{path}: cannot write: {error.strerror or error}"
        raise OutputError(msg) from error
    finally:
        for part in parts:
            with suppress(OSError):  # what stands in the way of the file does so here, and has been named
                part.unlink(missing_ok=True)


def _write(path: Path, content: bytes | Iterable[bytes]) -> None:
    if isinstance(content, bytes):
        path.write_bytes(content)
        return
    with path.open("wb") as file:
        file.writelines(content)


def compress(content: Iterable[bytes]) -> Iterator[bytes]:
    r"""Gzip, piece by piece, without name and time: the same content gives the same bytes.

    >>> b"".join(compress([b"eve", b"nts"]))[4:8]
    b'\x00\x00\x00\x00'
    """
    packer = zlib.compressobj(_LEVEL, wbits=16 + zlib.MAX_WBITS)
    for piece in content:
        yield packer.compress(piece)
    yield packer.flush()


def require_folder(folder: Path) -> None:
    """Raise unless files can be made in ``folder``.

    Raises
    ------
    OutputError
        If it does not exist, is a file, or is not writable.
    """
    if not folder.is_dir():
        what = "is a file, not a folder" if folder.exists() else "the folder does not exist"
        msg = f"{folder}: {what}"
        raise OutputError(msg)
    try:
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        msg = f"{folder}: cannot write there: {error.strerror or error}"
        raise OutputError(msg) from error


def require_new(path: Path, *, force: bool) -> None:
    """Raise unless ``path`` can be written without harm.

    Raises
    ------
    OutputError
        If it exists and ``force`` is not set, is a folder, or its folder is missing or not writable.
    """
    if path.is_dir():
        msg = f"{path}: is a folder, not a file"
        raise OutputError(msg)
    if path.exists() and not force:
        msg = f"{path}: exists; use force to overwrite"
        raise OutputError(msg)
    require_folder(path.parent)
