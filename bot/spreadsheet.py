"""A list as an Excel file."""

from __future__ import annotations

import io
from collections.abc import Sequence

import xlsxwriter

WIDEST = 60  # characters of a column


def workbook(sheet: str, headings: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    """The rows as an .xlsx file with one sheet; every cell is text, so that codes such as "35.10" keep their zeros.

    ``sheet`` is cut to the 31 characters that Excel allows; headings are bold and stay in view, with filters.
    """
    stream = io.BytesIO()
    options = {"in_memory": True, "strings_to_numbers": False, "strings_to_urls": False, "strings_to_formulas": False}
    with xlsxwriter.Workbook(stream, options) as book:
        page = book.add_worksheet(sheet[:31])
        bold = book.add_format({"bold": True})
        page.write_row(0, 0, headings, bold)
        for number, row in enumerate(rows, 1):
            page.write_row(number, 0, row)
        for column, heading in enumerate(headings):
            longest = max([len(heading), *(len(row[column]) for row in rows)])
            page.set_column(column, column, min(WIDEST, longest + 2))
        page.freeze_panes(1, 0)
        page.autofilter(0, 0, len(rows), len(headings) - 1)
    return stream.getvalue()
