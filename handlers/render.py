"""From a ``Reply`` to Telegram HTML and buttons. Pure: no network, no clock.

The text is laid out as styled runs of plain text first and split second, so that no tag is ever cut in two.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from html import escape
from itertools import groupby

from telegram import CopyTextButton, InlineKeyboardButton, InlineKeyboardMarkup
from telegram.constants import InlineKeyboardMarkupLimit, MessageLimit

from bot.model import Choice, Decision, Reply
from handlers.presses import HELPFUL, LONGEST_DATA, UNHELPFUL, owned, rating_data

LONGEST_PART = int(MessageLimit.MAX_TEXT_LENGTH)
"""UTF-16 code units of a message after its entities are parsed (core.telegram.org/bots/api#sendmessage). Telegram
speaks of characters; counting code units, as it does for offsets, is never too generous."""

SEPARATORS = ("\n\n", "\n", " ")
"""Where a long text may be split, best first: paragraphs, lines, words."""

_ADDRESS = re.compile(r"(?:https?://|www\.)\S*[^\s.,;:!?)\]\"'*_]", re.IGNORECASE)
_BOLD = re.compile(r"(?<![\w*])\*(?![\s*])([^*\n]*[^\s*])\*(?![\w*])")
_CUT = " …"
_HIDDEN_STAR = "\0"  # stands for a star inside an address while bold is looked for; no text contains it


class _Block(Enum):
    """The parts of a reply from top to bottom, with the tags around them."""

    TEXT = ("", "")
    QUOTE = ("<blockquote expandable>", "</blockquote>")
    FOOTER = ("<i>", "</i>")


@dataclass(frozen=True, slots=True)
class _Run:
    text: str
    block: _Block
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """One Telegram message: HTML for ``parse_mode``, and the buttons under it."""

    html: str
    keyboard: InlineKeyboardMarkup | None = None


def render(
    reply: Reply,
    *,
    brief: bool = False,
    navigation: tuple[Choice, ...] = (),
    copy_label: str = "",
    owner: str = "",
    links: tuple[tuple[str, str], ...] = (),
) -> tuple[Part, ...]:
    """Draws a reply as one or more messages; the buttons hang under the last one.

    ``brief`` takes the short version where the reply has one (in groups). ``navigation`` is a row of buttons side by
    side, above those of the reply. ``copy_label`` names the button that copies the reference; "" draws none. ``owner``
    is the only person who may answer what the reply asks back, and rate it; "" lets everybody. ``links`` are buttons
    that open an address, as (label, address).

    >>> render(Reply(Decision.ANSWER, "Syaratnya *dua* & jelas.", footer="Sumber: A"))[0].html
    'Syaratnya <b>dua</b> &amp; jelas.\\n\\n<i>Sumber: A</i>'
    """
    runs = _lay_out(reply, brief)
    pieces = _split("".join(run.text for run in runs))
    htmls = [html for start, end in pieces if (html := _html(_cut(runs, start, end)))]
    last = len(htmls) - 1
    keyboard = _keyboard(reply, navigation, copy_label, owner, links)
    return tuple(Part(html, keyboard if number == last else None) for number, html in enumerate(htmls))


def shortened(text: str, longest: int) -> str:
    """The beginning of a text, cut at the end of a line, sentence or word where it is longer than ``longest``.

    >>> shortened("Satu dua. Tiga empat lima enam.", 20)
    'Satu dua. Tiga …'
    """
    text = text.strip()
    if len(text) <= longest:
        return text
    room = longest - len(_CUT)
    ends = (text.rfind(mark, room // 2, room) + len(mark.rstrip()) for mark in ("\n", ". ", " "))
    kept = text[: next((end for end in ends if end > room // 2), room)].rstrip()
    line = kept.rpartition("\n")[2]
    if line.count("*") % 2:  # no half of a bold word
        kept = kept[: kept.rindex("*")].rstrip()
    return kept + _CUT


def _lay_out(reply: Reply, brief: bool) -> list[_Run]:
    shown = ((brief and reply.short) or reply.text, _Block.TEXT), (reply.quote, _Block.QUOTE)
    blocks = [list(_embolden(_clean(text), block)) for text, block in shown if _clean(text)]
    if _clean(reply.footer):
        blocks.append([_Run(_clean(reply.footer), _Block.FOOTER)])
    runs: list[_Run] = []
    for block in blocks:
        if runs:
            runs.append(_Run("\n\n", _Block.TEXT))
        runs.extend(block)
    return runs


def _clean(text: str) -> str:
    """Without the characters that no message can carry, and without blank edges."""
    return text.replace("\0", "").replace("\r\n", "\n").strip()


def _embolden(text: str, block: _Block) -> Iterator[_Run]:
    """Splits a text at its ``*tebal*`` words; a star that has no partner in its line, or is part of an address, stays.

    >>> [(run.text, run.bold) for run in _embolden("*a* 2 * 3", _Block.TEXT)]
    [('a', True), (' 2 * 3', False)]
    """
    hidden = _ADDRESS.sub(lambda address: address[0].replace("*", _HIDDEN_STAR), text)
    end = 0
    for bold in _BOLD.finditer(hidden):
        if bold.start() > end:
            yield _Run(text[end : bold.start()], block)
        yield _Run(text[bold.start(1) : bold.end(1)], block, bold=True)
        end = bold.end()
    if end < len(text):
        yield _Run(text[end:], block)


def _split(text: str) -> list[tuple[int, int]]:
    """Spans of a text, each at most ``LONGEST_PART`` code units long, without blanks at the seams."""
    spans, start = [], 0
    while start < len(text):
        end = start + _fitting(text, start)
        if end < len(text):
            end = _seam(text, start, end)
        spans.append((start, end))
        start = end
        while start < len(text) and text[start].isspace():
            start += 1
    return spans


def _fitting(text: str, start: int) -> int:
    """How many characters from ``start`` on fit into one part; an emoji counts two units."""
    units = 0
    for count, character in enumerate(text[start : start + LONGEST_PART]):
        units += 2 if ord(character) > 0xFFFF else 1  # noqa: PLR2004 (the last character of one UTF-16 unit)
        if units > LONGEST_PART:
            return count
    return min(LONGEST_PART, len(text) - start)


def _seam(text: str, start: int, end: int) -> int:
    """The best place to split between ``start`` and ``end``.

    A seam in the first half is taken only where there is no other, so that a heading does not stand alone before a
    long list. A word longer than a part is cut.
    """
    for earliest in (start + (end - start) // 2, start):
        for separator in SEPARATORS:
            seam = text.rfind(separator, earliest + 1, end + len(separator))
            if seam > earliest and text[start:seam].strip():
                return seam
    return end


def _cut(runs: list[_Run], start: int, end: int) -> Iterator[_Run]:
    position = 0
    for run in runs:
        text = run.text[max(0, start - position) : max(0, end - position)]
        if text:
            yield _Run(text, run.block, run.bold)
        position += len(run.text)


def _html(runs: Iterator[_Run]) -> str:
    html = ""
    for block, members in groupby(runs, key=lambda run: run.block):
        inner = "".join(f"<b>{_escape(run.text)}</b>" if run.bold else _escape(run.text) for run in members)
        opening, closing = block.value
        html += f"{opening}{inner}{closing}"
    return html.strip()


def _escape(text: str) -> str:
    return escape(text, quote=False)


def _keyboard(
    reply: Reply, navigation: tuple[Choice, ...], copy_label: str, owner: str, links: tuple[tuple[str, str], ...]
) -> InlineKeyboardMarkup | None:
    """Navigation side by side, then one button per row, the reference, and thumbs; what Telegram would refuse is left
    out.
    """
    asks = owner if reply.decision is Decision.CLARIFY else ""
    above = _buttons(navigation)
    opening = [[InlineKeyboardButton(label, url=address)] for label, address in links]
    below = [row for row in (*opening, _copy(reply, copy_label), _thumbs(reply, owner)) if row]
    room = InlineKeyboardMarkupLimit.TOTAL_BUTTON_NUMBER - len(above) - sum(map(len, below))
    offered = [*_buttons(reply.choices, asks), *_buttons(reply.actions)][:room]
    rows = [*([above] if above else []), *([button] for button in offered), *below]
    return InlineKeyboardMarkup(rows) if rows else None


def _buttons(choices: tuple[Choice, ...], owner: str = "") -> list[InlineKeyboardButton]:
    """Buttons for those choices that have a label and an id of 1-64 bytes."""
    return [
        InlineKeyboardButton(choice.label, callback_data=owned(choice.id, owner))
        for choice in choices
        if choice.label.strip() and 1 <= len(choice.id.encode()) <= LONGEST_DATA
    ]


def _copy(reply: Reply, label: str) -> list[InlineKeyboardButton]:
    return [InlineKeyboardButton(label, copy_text=CopyTextButton(reply.reference))] if label and reply.reference else []


def _thumbs(reply: Reply, owner: str) -> list[InlineKeyboardButton]:
    if not reply.ratable or not reply.question_id:
        return []
    return [
        InlineKeyboardButton(face, callback_data=owned(rating_data(reply.question_id, value), owner))
        for face, value in ((HELPFUL, 1), (UNHELPFUL, -1))
    ]
