"""Write the measured interpolation errors of built tables into tables/README.md.

    pheno table na64e --output build/tables/na64e      # and the others
    python tools/table_errors.py build/tables

Only what stands in the headers of the ``.pht`` files is used. Rows of tables that are not in the folder stay as they
are, those that no spec makes any more go, and tables without a row are named.
"""

from __future__ import annotations

import sys
from pathlib import Path

from pheno.tables import Table, load_spec, read_table, spec_names

README = Path(__file__).parents[1] / "tables" / "README.md"
BEGIN, END = "<!-- measured errors -->\n", "<!-- end of measured errors -->"
HEAD = """
| spec | mediator | x | nodes (mass x energy) | largest error | at [GeV] | points |
| --- | --- | --- | --- | --- | --- | --- |
"""

#: Spec, mediator and window: the first three cells of a row.
Key = tuple[str, ...]


def window(x_min: float) -> str:
    """The cell that says which x a table covers."""
    return f"> {x_min:g}" if x_min else "all"


def row(spec: str, table: Table) -> list[str]:
    """Cells of one line of the Markdown table."""
    reaction, accuracy = table.reaction, table.accuracy
    if accuracy is None:
        msg = f"{spec}: the table of the {reaction.mediator} has no measured error"
        raise SystemExit(msg)
    nodes = " + ".join("x".join(map(str, panel.shape)) for panel in table.panels)
    where = f"m = {accuracy.mass:.3g}, E = {accuracy.energy:.4g}"
    error, points = f"{accuracy.error:.1e}", str(accuracy.points)
    return [spec, reaction.mediator, window(reaction.x_min), nodes, error, where, points]


def shown(text: str) -> dict[Key, list[str]]:
    """The rows that a README has."""
    lines = text.partition(BEGIN)[2].partition(END)[0].strip().splitlines()[2:]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return {tuple(cells[:3]): cells for cells in rows}


def expected() -> list[Key]:
    """Every table that the specs make, in the order of the rows."""
    return [
        (name, mediator, window(x_min))
        for name in spec_names()
        for mediator in sorted(load_spec(name).mediators)
        for x_min in sorted(load_spec(name).x_min)
    ]


def main(folder: Path, readme: Path = README) -> None:
    """Replace the lines between the marks in the README."""
    text = readme.read_text(encoding="utf-8")
    found = [row(spec, read_table(path)) for spec in spec_names() for path in sorted((folder / spec).glob("*.pht"))]
    rows = shown(text) | {tuple(cells[:3]): cells for cells in found}
    lines = [f"| {' | '.join(rows[key])} |" for key in expected() if key in rows]
    before, after = text.partition(BEGIN)[0], text.partition(END)[2]
    readme.write_text(before + BEGIN + HEAD + "\n".join([*lines, "", ""]) + END + after, encoding="utf-8")
    print(f"{len(found)} tables read, {len(lines)} rows")
    for key in expected():
        if key not in rows:
            print("no table yet:", *key)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
