"""A progress bar for a person at a terminal, silence for everybody else."""

from __future__ import annotations

import sys
import time
from contextlib import contextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["progress_bar", "resumable"]

_WIDTH = 30


@contextmanager
def progress_bar(title: str) -> Iterator[Callable[[int, int, str], None]]:
    """Show the progress of the block on standard error, if that is a terminal.

    Parameters
    ----------
    title
        What is going on.

    Yields
    ------
    callable
        To be called as ``progress(done, total, label)`` now and then. With rich installed it draws rich's
        bar, without it a plain one.
    """
    if not sys.stderr.isatty():
        yield lambda _done, _total, _label: None
    elif find_spec("rich") is not None:
        with _rich_bar(title) as update:
            yield update
    else:
        with _plain_bar(title) as update:
            yield update


@contextmanager
def resumable(title: str) -> Iterator[Callable[[int, int, str], None]]:
    """Like :func:`progress_bar`, for work that continues where it was interrupted: says so when it is."""
    try:
        with progress_bar(title) as progress:
            yield progress
    except KeyboardInterrupt:
        print("\npheno: what is done is kept; the same command continues from there", file=sys.stderr)
        raise


@contextmanager
def _rich_bar(title: str) -> Iterator[Callable[[int, int, str], None]]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task(title, total=None)
        yield lambda done, total, label: bar.update(task, completed=done, total=total, description=f"{title} {label}")


@contextmanager
def _plain_bar(title: str) -> Iterator[Callable[[int, int, str], None]]:
    drawn = 0.0

    def draw(done: int, total: int, label: str) -> None:
        nonlocal drawn
        now = time.monotonic()
        if now - drawn < 0.1 and done < total:
            return
        drawn = now
        filled = _WIDTH * done // max(total, 1)
        bar = "#" * filled + "." * (_WIDTH - filled)
        sys.stderr.write(f"\r{title} [{bar}] {done}/{total} {label:<20}")
        sys.stderr.flush()

    try:
        yield draw
    finally:
        if drawn:
            sys.stderr.write("\n")
