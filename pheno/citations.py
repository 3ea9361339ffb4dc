"""What to cite: the publications behind the formulae and the data that a calculation used.

Keys are those of INSPIRE where INSPIRE has the entry. A function that rests on a publication says
so with :func:`used`; whoever wants to know collects::

    with pheno.citations.collect() as keys:
        pheno.cross_section("vector", 0.1, 100.0, epsilon=1e-4)
    print(pheno.cite(keys))
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from pheno.cards import references
from pheno.errors import choice

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

__all__ = ["bibliography", "cite", "collect", "used"]

#: The collector of this thread or task, if somebody collects. Never shared between threads.
_collector: ContextVar[dict[str, None] | None] = ContextVar("pheno_citations", default=None)


@cache
def bibliography() -> Mapping[str, str]:
    """Return the bibliography of pheno.

    Returns
    -------
    mapping of str to str
        BibTeX entry by key, in the order of the file. Read-only.

    Examples
    --------
    >>> "Bjorken:2009mm" in bibliography()
    True
    """
    entries = re.split(r"^(?=@)", references(), flags=re.MULTILINE)[1:]
    return MappingProxyType({re.split(r"[{,]", entry, maxsplit=2)[1]: entry.strip() for entry in entries})


def used(*keys: str) -> None:
    """Note that a calculation rests on these publications; does nothing if nobody collects.

    Parameters
    ----------
    *keys
        Keys of :func:`bibliography`.

    Raises
    ------
    DomainError
        If a key is not in the bibliography.

    Examples
    --------
    >>> with collect() as keys:
    ...     used("Tsai:1973py")
    >>> keys
    ['Tsai:1973py']
    """
    for key in keys:
        choice("citation", key, bibliography())
    collector = _collector.get()
    if collector is not None:
        collector.update(dict.fromkeys(keys))


@contextmanager
def collect() -> Iterator[list[str]]:
    """Collect the keys of everything the block uses.

    Yields
    ------
    list of str
        Filled when the block ends: each key once, in the order of first use.

    Examples
    --------
    >>> with collect() as keys:
    ...     used("Tsai:1973py", "Bjorken:2009mm")
    ...     used("Tsai:1973py")
    >>> keys
    ['Tsai:1973py', 'Bjorken:2009mm']
    """
    found: dict[str, None] = {}
    keys: list[str] = []
    outer = _collector.get()
    token = _collector.set(found)
    try:
        yield keys
    finally:
        _collector.reset(token)
        keys.extend(found)
        if outer is not None:
            outer.update(found)


def cite(keys: Iterable[str] | None = None) -> str:
    """Return BibTeX entries to paste into a bibliography.

    Parameters
    ----------
    keys
        Which entries, such as the list filled by :func:`collect`; all of pheno's if left out.

    Returns
    -------
    str
        The entries, separated by empty lines.

    Raises
    ------
    DomainError
        If a key is unknown; the message has the nearest one.

    Examples
    --------
    >>> print(cite(["Tsai:1973py"]).splitlines()[0])
    @article{Tsai:1973py,
    """
    entries = bibliography()
    wanted = entries if keys is None else [keys] if isinstance(keys, str) else keys
    return "\n\n".join(entries[choice("citation", key, entries)] for key in wanted)
