"""The most confused entries as a picture: a matrix of what was asked and what was told, as plain SVG."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from html import escape

from bot.rehearsal.figures import Report
from bot.rehearsal.judge import ASKED_BACK, DECLINED, TABLE, WRONG_TEXT

LARGEST = 24  # entries on each side; more than that no longer fits a screen
NO_ENTRY = (TABLE, ASKED_BACK, DECLINED, WRONG_TEXT)  # the last rows and columns
CELL = 22  # pixels, the sides of one count
LETTER = 6.2  # pixels, the mean width of a letter at FONT
FONT = 11  # pixels
GAP = 6  # pixels between names and cells
RIGHT, WRONG, EMPTY = (46, 125, 50), (198, 40, 40), "#f3f3f3"
DIAGONAL = 0.5  # opacity of the right replies, which are not what the picture is about
FAINTEST = 0.25  # opacity of the smallest count, so that a single one is still seen


def confusion_picture(report: Report) -> str:
    """The matrix of the most confused entries: a row is what was asked, a column what was told.

    Counts on the diagonal are right replies; the rest is coloured by how often it happened. Names of entries that
    nobody confused are left out.
    """
    pairs = {(asked, told): count for asked, told, count in report.confusions()}
    names = _most_confused(pairs)
    right = Counter(result.expected for result in report.results if result.passed)
    counts = {pair: count for pair, count in pairs.items() if set(pair) <= set(names)}
    most = max(counts.values(), default=1)
    shown = f"Tampak {sum(counts.values())} dari {sum(pairs.values())} kekeliruan"
    caption = f"Baris: ditanyakan. Kolom: yang keluar. {shown}."
    margin = max((len(name) for name in names), default=0) * LETTER + GAP
    top = margin + 2 * FONT
    side = CELL * len(names)
    body = [f'<text x="{GAP}" y="{FONT + GAP}">{caption}</text>']
    for row, asked in enumerate(names):
        y = top + row * CELL
        body.append(_name(asked, margin - GAP, y + CELL / 2 + FONT / 3, ' text-anchor="end"'))
        x = margin + row * CELL + CELL / 2 + FONT / 3
        body.append(_name(asked, x, top - GAP, f' transform="rotate(-90 {x:.0f} {top - GAP:.0f})"'))
        for column, told in enumerate(names):
            same = asked == told
            count = right[asked] if same else counts.get((asked, told), 0)
            strength = DIAGONAL if same else FAINTEST + (1 - FAINTEST) * count / most
            body.append(_cell(margin + column * CELL, y, count, RIGHT if same else WRONG, strength))
    width = max(margin + side, len(caption) * LETTER) + GAP
    return "\n".join([_head(width, top + side + GAP), *body, "</svg>", ""])


def _most_confused(pairs: Mapping[tuple[str, str], int]) -> list[str]:
    """Both entries of the most frequent pairs; those that were told one for the other come before those missed."""

    def first(pair: tuple[str, str]) -> tuple[bool, int, tuple[str, str]]:
        return any(name in NO_ENTRY for name in pair), -pairs[pair], pair

    chosen: list[str] = []
    for pair in sorted(pairs, key=first):
        new = [name for name in dict.fromkeys(pair) if name not in NO_ENTRY and name not in chosen]
        if len(chosen) + len(new) <= LARGEST:
            chosen += new
    named = {name for pair in pairs for name in pair}
    return [*sorted(chosen), *(name for name in NO_ENTRY if name in named)]


def _head(width: float, height: float) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height:.0f}" '
        f'font-family="sans-serif" font-size="{FONT}">\n<rect width="100%" height="100%" fill="white"/>'
    )


def _name(name: str, x: float, y: float, more: str) -> str:
    return f'<text x="{x:.0f}" y="{y:.0f}"{more}>{escape(name)}</text>'


def _cell(x: float, y: float, count: int, colour: tuple[int, int, int], strength: float) -> str:
    fill = f"rgb{colour}" if count else EMPTY
    square = (
        f'<rect x="{x:.0f}" y="{y:.0f}" width="{CELL - 1}" height="{CELL - 1}" fill="{fill}" '
        f'fill-opacity="{strength if count else 1:.2f}"/>'
    )
    if not count:
        return square
    middle = f'x="{x + CELL / 2:.0f}" y="{y + CELL / 2 + FONT / 3:.0f}"'
    return f'{square}<text {middle} text-anchor="middle">{count}</text>'
