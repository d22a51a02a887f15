"""What stands behind a button."""

from __future__ import annotations

import pytest
from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from handlers.presses import Press, Rating, holds, owned, press_in, rating_data, rating_in, with_mark, with_thumbs_of


@pytest.mark.parametrize(
    ("data", "owner", "expected"),
    [
        ("e:a", "101", "@101:e:a"),
        ("e:a", "", "e:a"),
        ("e:a", "-1001", "e:a"),
        ("x" * 59, "101", "@101:" + "x" * 59),
        ("x" * 60, "101", "x" * 60),
        ("é" * 30, "101", "é" * 30),
    ],
)
def test_owner(data: str, owner: str, expected: str) -> None:
    """A button has an owner where that is a person and 64 bytes are enough; it is read as it was written."""
    assert owned(data, owner) == expected
    assert press_in(expected) == Press(data, owner if expected != data else "")


@pytest.mark.parametrize("data", ["@:e:a", "@x:e:a", "@101", "@101:", "e:@101:a", ""])
def test_no_owner(data: str) -> None:
    """Anything else is data without an owner."""
    assert press_in(data) == Press(data)


@pytest.mark.parametrize("value", [1, -1])
def test_rating(value: int) -> None:
    """A rating is read as it was written."""
    assert rating_in(rating_data(12, value)) == Rating(12, value)


@pytest.mark.parametrize("data", ["+:", "+:0", "+:x", "*:7", "+:7:8", "+:" + "9" * 20, "7", "", "-:-7"])
def test_no_rating(data: str) -> None:
    """What was made up rates nothing."""
    assert rating_in(data) is None


def keyboard(*rows: str) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(
        [[InlineKeyboardButton(data, callback_data=data) for data in row.split()] for row in rows]
    )


def test_holds() -> None:
    """Only what is on a button counts, whole."""
    assert holds(keyboard("e:a", "+:7 -:7"), "-:7")
    assert not holds(keyboard("e:a", "+:7 -:7"), "-:")
    assert not holds(None, "e:a")


def test_marks_and_pages() -> None:
    """A mark moves with the last press, and stays with the keyboard of another page."""
    marked = with_mark(with_mark(keyboard("e:a", "+:7 @101:-:7"), Rating(7, 1)), Rating(7, -1))
    assert marked is not None
    assert [[button.text for button in row] for row in marked.inline_keyboard] == [["e:a"], ["👍", "✓ 👎"]]
    turned = with_thumbs_of(marked, keyboard("p:2:x"))
    assert turned is not None
    assert [[button.callback_data for button in row] for row in turned.inline_keyboard] == [
        ["p:2:x"],
        ["+:7", "@101:-:7"],
    ]
    assert with_thumbs_of(keyboard("e:a"), None) is None
