"""What the data behind a button says: whose it is, and which answer it rates. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from telegram import InlineKeyboardButton, InlineKeyboardMarkup
from telegram.constants import InlineKeyboardButtonLimit

LONGEST_DATA = int(InlineKeyboardButtonLimit.MAX_CALLBACK_DATA)
"""Bytes that a button can carry."""

HELPFUL, UNHELPFUL = "👍", "👎"
PRESSED = "✓ "
"""What stands before the one of the two that was pressed last."""

_VALUES = {"+": 1, "-": -1}
_OWNED = re.compile(r"@(?P<owner>\d+):(?P<data>.+)", re.DOTALL)
_RATING = re.compile(r"(?P<sign>[+-]):(?P<question>[1-9]\d{0,18})")


@dataclass(frozen=True, slots=True)
class Press:
    """What a button says."""

    data: str
    owner: str = ""  # the only person who may press it; "" where everybody may

    def by(self, person: str) -> bool:
        """Whether ``person`` may press it."""
        return self.owner in {"", person}


@dataclass(frozen=True, slots=True)
class Rating:
    """Whether an answer helped."""

    question: int  # id in the log
    value: int  # 1 or -1


def owned(data: str, owner: str) -> str:
    """The data of a button that only ``owner`` may press; unchanged where the owner is no person or does not fit.

    >>> owned("e:syarat-seleksi", "101"), owned("e:syarat-seleksi", "-1001")
    ('@101:e:syarat-seleksi', 'e:syarat-seleksi')
    """
    marked = f"@{owner}:{data}"
    return marked if owner.isdecimal() and len(marked.encode()) <= LONGEST_DATA else data


def press_in(data: str) -> Press:
    """Reads what ``owned`` wrote.

    >>> press_in("@101:e:syarat-seleksi")
    Press(data='e:syarat-seleksi', owner='101')
    """
    found = _OWNED.fullmatch(data)
    return Press(found["data"], found["owner"]) if found else Press(data)


def rating_data(question: int, value: int) -> str:
    """The data of a button that rates the answer to a question of the log.

    >>> rating_data(7, 1), rating_data(7, -1)
    ('+:7', '-:7')
    """
    return f"{'+' if value > 0 else '-'}:{question}"


def rating_in(data: str) -> Rating | None:
    """Reads what ``rating_data`` wrote; None for anything else.

    >>> rating_in("-:7"), rating_in("e:syarat-seleksi")
    (Rating(question=7, value=-1), None)
    """
    found = _RATING.fullmatch(data)
    return Rating(int(found["question"]), _VALUES[found["sign"]]) if found else None


def holds(keyboard: InlineKeyboardMarkup | None, data: str) -> bool:
    """Whether one of the buttons carries ``data``: any other was made up."""
    return any(button.callback_data == data for row in _rows(keyboard) for button in row)


def with_thumbs_of(old: InlineKeyboardMarkup | None, new: InlineKeyboardMarkup | None) -> InlineKeyboardMarkup | None:
    """A new keyboard with the rating that the old one had, marked or not."""
    thumbs = [row for row in _rows(old) if any(_rating_of(button) for button in row)]
    return InlineKeyboardMarkup([*_rows(new), *thumbs]) if thumbs else new


def with_mark(keyboard: InlineKeyboardMarkup | None, pressed: Rating) -> InlineKeyboardMarkup | None:
    """The keyboard with a mark at the rating that was pressed, and at no other."""
    if keyboard is None:
        return None

    def drawn(button: InlineKeyboardButton) -> InlineKeyboardButton:
        rating = _rating_of(button)
        if rating is None:
            return button
        face = HELPFUL if rating.value > 0 else UNHELPFUL
        return InlineKeyboardButton(face if rating != pressed else PRESSED + face, callback_data=button.callback_data)

    return InlineKeyboardMarkup([[drawn(button) for button in row] for row in keyboard.inline_keyboard])


def _rating_of(button: InlineKeyboardButton) -> Rating | None:
    return rating_in(press_in(str(button.callback_data)).data)


def _rows(keyboard: InlineKeyboardMarkup | None) -> tuple[tuple[InlineKeyboardButton, ...], ...]:
    return keyboard.inline_keyboard if keyboard is not None else ()
