"""Tables hold what anybody typed, whatever that is."""

import csv
import io

import pytest

from bot.rehearsal.tables import csv_text, drawn, markdown_table, one_line


@pytest.mark.parametrize(
    ("typed", "shown"),
    [("a\n\tb", "a b"), ("a\x1b[31mb\x07", "a [31mb"), ("a\u2028b\u200fc", "a b c"), ("  é ✓ 👍 ", "é ✓ 👍")],
)
def test_one_line_keeps_words_and_nothing_that_steers(typed, shown):
    assert one_line(typed) == shown


def test_columns_stand_below_each_other_and_brackets_are_no_colours():
    head, rule, *rows = drawn(("No", "Pertanyaan"), [(1, "NIK saya [NIK]"), (22, "[red]x")], 60).split("\n")
    assert (head, rows) == (" No   Pertanyaan", [" 1    NIK saya [NIK]", " 22   [red]x"])
    assert set(rule.strip()) == {"─"}


def test_no_line_is_wider_than_the_terminal():
    lines = drawn(("No", "Pertanyaan"), [(1, "kata " * 50), (2, "x" * 200)], 40).split("\n")
    assert max(map(len, lines)) <= 40


def test_markdown_cells_cannot_end_a_cell_or_begin_a_tag():
    assert markdown_table(("a",), [("x | <b>y\nz",)]).endswith("| x \\| &lt;b>y z |")


def test_a_table_without_rows_says_so():
    assert markdown_table(("a",), []) == "Tidak ada."


@pytest.mark.parametrize("typed", ["=1+1", "+62", "-5", "@a", "\tx", "\rx"])
def test_a_spreadsheet_computes_nothing_that_people_typed(typed):
    (_, (cell, number)) = csv.reader(io.StringIO(csv_text(("a", "b"), [(typed, -5)]), newline=""))
    assert cell == f"'{typed}"
    assert number == "-5"
