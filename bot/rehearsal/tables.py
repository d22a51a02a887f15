"""Tables for the terminal, for a Markdown page and for a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

FORMULA = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would compute what people typed


def one_line(text: str) -> str:
    """A text of somebody else, safe to show: on one line, without the characters that steer a terminal.

    >>> one_line("apa\\n itu \\x1b[31m smart city?")
    'apa itu [31m smart city?'
    """
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())


def drawn(head: Sequence[str], rows: Iterable[Sequence[object]], width: int) -> str:
    """A table for a terminal of so many columns; long cells are wrapped."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for title in head:
        table.add_column(title, overflow="fold")
    for row in rows:
        table.add_row(*(Text(one_line(str(cell))) for cell in row))
    out = io.StringIO()
    Console(file=out, width=width, color_system=None).print(table)
    return "\n".join(line.rstrip() for line in out.getvalue().rstrip().split("\n")).lstrip("\n")


def markdown_table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table for a Markdown page, or a sentence where there are no rows.

    >>> print(markdown_table(("Kali", "Pertanyaan"), [(2, "a | b")]))
    | Kali | Pertanyaan |
    | --- | --- |
    | 2 | a \\| b |
    """
    filled = [[_cell(str(cell)) for cell in row] for row in rows]
    if not filled:
        return "Tidak ada."
    return "\n".join(f"| {' | '.join(row)} |" for row in [list(head), ["---"] * len(head), *filled])


def _cell(text: str) -> str:
    return one_line(text).replace("|", "\\|").replace("<", "&lt;")


def csv_text(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table as CSV, lines ending in CR LF as the format wants.

    A cell that a spreadsheet would take for a formula gets an apostrophe before it.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(head)
    writer.writerows([_plain(cell) for cell in row] for row in rows)
    return out.getvalue()


def _plain(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell
