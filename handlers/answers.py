"""Which messages of the bot answered which question, so that an edited question finds its answer."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

from handlers.render import Part

MOST_REMEMBERED = 2_000
"""Answers that are remembered, the latest ones. Some kilobytes each; people edit within minutes."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The messages that a question was answered with, first to last."""

    question: int  # hash of the words that were answered: enough to see that they have changed
    messages: tuple[int, ...]  # their ids
    parts: tuple[Part, ...]  # what they showed when they were sent


class Answers:
    """The latest answers of this run; none of them is written anywhere."""

    def __init__(self, most: int = MOST_REMEMBERED) -> None:
        self._most = most
        self._known: OrderedDict[tuple[int, int], Answer] = OrderedDict()

    def remember(self, chat: int, question: int, answer: Answer) -> None:
        """Keeps the answer to a message, and lets go of the oldest one where there are too many."""
        self._known[chat, question] = answer
        self._known.move_to_end((chat, question))
        if len(self._known) > self._most:
            self._known.popitem(last=False)

    def find(self, chat: int, question: int) -> Answer | None:
        """The answer to a message; None where it is not (or no longer) known."""
        return self._known.get((chat, question))
