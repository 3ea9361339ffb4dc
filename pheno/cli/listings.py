"""``pheno methods``, ``pheno cite`` and ``pheno include-dir``: what there is, where it comes from, where it lies."""

from __future__ import annotations

import re
import textwrap
from typing import TYPE_CHECKING

import pheno
from pheno import citations, form_factors, methods, tables
from pheno.cli import arguments

if TYPE_CHECKING:
    import argparse

    from pheno.cli.arguments import Commands

__all__ = ["add_commands"]


def add_commands(commands: Commands) -> None:
    """Add ``methods``, ``cite`` and ``include-dir``."""
    parser = arguments.add_command(
        commands, "methods", "list methods and form factors with definition and source", "  pheno methods\n"
    )
    parser.set_defaults(run=_methods)

    parser = arguments.add_command(
        commands,
        "cite",
        "print what to cite, in BibTeX",
        "  pheno cite\n  pheno cite --list\n  pheno cite Bjorken:2009mm Tsai:1973py > my.bib\n",
    )
    parser.add_argument("keys", nargs="*", metavar="KEY", help="entries to print (default: all)")
    parser.add_argument("--list", action="store_true", help="list keys and titles")
    parser.set_defaults(run=_cite)

    parser = arguments.add_command(
        commands,
        "include-dir",
        "print the folder of the C++ headers that read the tables",
        '  g++ -std=c++17 -I"$(pheno include-dir)" main.cpp\n',
    )
    parser.set_defaults(run=_include_dir)


def _describe(entry: methods.Method | form_factors.FormFactor, definition: str) -> None:
    print(f"  {entry.name}")
    cite = [f"Cite: {' '.join(entry.cites)}"] if entry.cites else []
    for paragraph in (definition, f"Source: {entry.source}", *cite):
        print(textwrap.fill(paragraph, width=100, initial_indent=" " * 6, subsequent_indent=" " * 6))


def _methods(_parsed: argparse.Namespace) -> None:
    print("methods:")
    for method in methods.methods().values():
        _describe(method, method.definition)
    print("\nform factors:")
    for form in form_factors.form_factors().values():
        _describe(form, form.formula)


def _cite(parsed: argparse.Namespace) -> None:
    if not parsed.list:
        print(pheno.cite(parsed.keys or None))
        return
    for key, entry in citations.bibliography().items():
        title = re.search(r"title = \"\{(.*)\}\"", entry)
        print(f"{key:<28} {title[1] if title else ''}")


def _include_dir(_parsed: argparse.Namespace) -> None:
    print(tables.include_directory())
