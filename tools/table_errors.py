"""Write the measured interpolation errors of built tables into tables/README.md.

    pheno table na64e --output build/tables/na64e      # and the others
    python tools/table_errors.py build/tables

Only what stands in the headers of the ``.pht`` files is used.
"""

from __future__ import annotations

import sys
from pathlib import Path

from pheno.tables import Table, read_table, spec_names

README = Path(__file__).parents[1] / "tables" / "README.md"
BEGIN, END = "<!-- measured errors -->\n", "<!-- end of measured errors -->"


def row(spec: str, table: Table) -> str:
    """One line of the Markdown table."""
    reaction, accuracy = table.reaction, table.accuracy
    if accuracy is None:
        msg = f"{spec}: the table of the {reaction.mediator} has no measured error"
        raise SystemExit(msg)
    nodes = " + ".join("x".join(map(str, panel.shape)) for panel in table.panels)
    where = f"m = {accuracy.mass:.3g}, E = {accuracy.energy:.4g}"
    window = f"> {reaction.x_min:g}" if reaction.x_min else "all"
    return f"| {spec} | {reaction.mediator} | {window} | {nodes} | {accuracy.error:.1e} | {where} | {accuracy.points} |"


def main(folder: Path) -> None:
    """Replace the lines between the marks in the README."""
    lines = [
        "| spec | mediator | x | nodes (mass x energy) | largest error | at [GeV] | points |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for spec in spec_names():
        lines += [row(spec, read_table(path)) for path in sorted((folder / spec).glob("*.pht"))]
    before, _, rest = README.read_text().partition(BEGIN)
    _, _, after = rest.partition(END)
    README.write_text(before + BEGIN + "\n".join(["", *lines, "", ""]) + END + after)
    print(f"{len(lines) - 2} tables")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
