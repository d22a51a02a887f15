"""Several answers in one message, for a group in which so much is asked that Telegram lets no more through. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import takewhile

from bot.mail import Kind, Outgoing
from handlers.render import LONGEST_PART

FEWEST, MOST = 3, 5
"""Answers that are worth being put together, and how many of them are still easy to read."""

MERGED = "merged"
"""Key of a payload that can go along with others: its (question, answer) as HTML."""

CARRIES = {"carries": True}
"""What ``then`` holds of the message that carries others."""


def together(rows: Iterable[Outgoing]) -> tuple[Outgoing, ...]:
    """The answers at the head of a queue that fit into one message; () where they are too few.

    They stand one after the other, in the same topic, have not been tried yet, and apologise for nothing.
    """
    queue = tuple(rows)
    fitting = tuple(takewhile(lambda row: _is_plain(row) and row.topic == queue[0].topic, queue[:MOST]))
    while fitting and len(_text(fitting)) > LONGEST_PART:
        fitting = fitting[:-1]
    return fitting if len(fitting) >= FEWEST else ()


def carrier(rows: tuple[Outgoing, ...]) -> Outgoing:
    """The message that brings them all, as a reply to the first question."""
    first = rows[0]
    return Outgoing(
        first.chat, Kind.MESSAGE, {"html": _text(rows)}, topic=first.topic, reply_to=first.reply_to, then=CARRIES
    )


def _is_plain(row: Outgoing) -> bool:
    return row.kind is Kind.MESSAGE and MERGED in row.payload and not (row.attempts or row.unknown or row.late)


def _text(rows: Iterable[Outgoing]) -> str:
    return "\n\n".join("<b>{}</b>\n{}".format(*row.payload[MERGED]) for row in rows)
