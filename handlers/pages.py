"""Long lists page by page. Pure: which page a button leads to stands in the button, so it survives a restart."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from textwrap import wrap

from telegram.constants import InlineKeyboardButtonLimit

from bot.model import Choice, Reply
from handlers.render import Part, render

LONGEST_PAGE = 1_200
"""Characters of a page, without page number and source: about two screens of a phone. A year with 50 participants takes
some 1,500."""

PAGE = "p:"
"""How the callback data of "Sebelumnya" and "Berikutnya" begins; the page's number and the list's id follow."""

_TURN = re.compile(rf"{PAGE}(?P<page>[1-9][0-9]{{0,2}}):(?P<list>.+)")


@dataclass(frozen=True, slots=True)
class Turn:
    """What a pressed page button asks for."""

    page: int  # from 1
    list_id: str

    @property
    def data(self) -> str:
        """The callback data of the button.

        >>> Turn(2, "daftar;;;2018;").data
        'p:2:daftar;;;2018;'
        """
        return f"{PAGE}{self.page}:{self.list_id}"


def turn_in(data: str) -> Turn | None:
    """Reads what ``Turn.data`` wrote; None for anything else (a forged button).

    >>> turn_in("p:2:daftar;;;2018;"), turn_in("p:0:daftar;;;2018;")
    (Turn(page=2, list_id='daftar;;;2018;'), None)
    """
    found = _TURN.fullmatch(data)
    return Turn(int(found["page"]), found["list"]) if found else None


def draw(reply: Reply, page: int, says: Callable[..., str], owner: str = "") -> Part | None:
    """Draws one page of a list, with buttons to the pages before and after it above the reply's own.

    ``page`` counts from 1; ``says`` fills in a sentence of ``pesan.yaml``; ``owner`` may rate the list. A list that
    fits on one page has neither number nor page buttons. None where there is no such page, or the list can't be shown
    by pages: the reply is no list (``list_id``), its id is too long for a button, or a page does not fit into one
    message.
    """
    pages = cut(reply.text)
    last = Turn(len(pages), reply.list_id)
    too_long = len(last.data.encode()) > InlineKeyboardButtonLimit.MAX_CALLBACK_DATA
    if not reply.list_id or not 1 <= page <= last.page or (last.page > 1 and too_long):
        return None
    text = pages[page - 1]
    if last.page > 1:
        text += "\n\n" + says("halaman", halaman=str(page), semua=str(last.page))
    neighbours = (page - 1, "tombol_sebelumnya"), (page + 1, "tombol_berikutnya")
    parts = render(
        replace(reply, text=text),
        navigation=tuple(
            Choice(Turn(number, reply.list_id).data, says(label))
            for number, label in neighbours
            if 1 <= number <= last.page
        ),
        copy_label=says("tombol_salin"),
        owner=owner,
    )
    return parts[0] if len(parts) == 1 else None


def cut(text: str, longest: int = LONGEST_PAGE) -> tuple[str, ...]:
    """Cuts a text at line ends into as few pages as possible, of similar length, each under the text's first line.

    ``longest`` is in characters, at least 3. Only a line that would not fit on a page of its own is cut, between words;
    a first line of more than half a page is not repeated.

    >>> cut("Daftar\\n- a\\n- b\\n- c", longest=14)
    ('Daftar\\n- a\\n- b', 'Daftar\\n- c')
    """
    if len(text) <= longest:
        return (text,)
    head, _, rest = text.partition("\n")
    if len(head) > longest // 2:
        head, rest = "", text
    above = f"{head}\n" if head else ""
    room = longest - len(above)
    lines = [piece for line in rest.split("\n") for piece in _fitting(line, room)]
    return tuple(above + page for page in _evenly(lines, room) if page.strip())


def _fitting(line: str, room: int) -> list[str]:
    if len(line) <= room:
        return [line]
    return wrap(line, room, expand_tabs=False, replace_whitespace=False, break_on_hyphens=False) or [""]


def _evenly(lines: Sequence[str], room: int) -> list[str]:
    """The lines on as few pages as they need, the longest of which is as short as possible."""
    fewest = len(_fill(lines, room))
    rooms = range(max(map(len, lines)), room)
    return _fill(lines, rooms.start + bisect_left(rooms, True, key=lambda less: len(_fill(lines, less)) == fewest))


def _fill(lines: Sequence[str], room: int) -> list[str]:
    """Puts line after line on a page until the next one does not fit any more."""
    pages = [lines[0]]
    for line in lines[1:]:
        if len(pages[-1]) + 1 + len(line) <= room:
            pages[-1] += f"\n{line}"
        else:
            pages.append(line)
    return pages
