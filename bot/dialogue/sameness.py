"""Whether two people ask the same, and which entries come nearest to a question. For staff; nothing is decided here."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

from bot.dialogue.decide import decide
from bot.dialogue.interpret import Question, interpret
from bot.dialogue.mind import Mind
from bot.dialogue.model import AnswerEntry, Context
from bot.language.likeness import likeness
from bot.model import Entry

ALIKE = 0.7
"""Likeness (0-1) from which two questions with the same nearest entry are the same one. Of the 289,000 pairs of 761
rehearsal questions 33 reach it, and 32 of these have the same answer; at 0.6 it is 107 of 117."""

NEAREST = 3
"""Entries that staff are shown under a question."""


@dataclass(frozen=True, slots=True)
class Gist:
    """What a question comes down to, for comparing it with another."""

    words: tuple[str, ...]  # as the matcher reads them
    facts: Hashable  # places, years and numbers named
    nearest: str  # label, "" for none
    answer: Hashable  # the entry that surely answers it, with its variant; None where none does

    def same_as(self, other: Gist) -> bool:
        """Tells whether one answer serves both.

        They must name the same places, years and numbers; and either the same entry is the sure answer to both (one
        that says that there is no data, or they would not have come to staff: right for 95 of 100 such pairs of
        rehearsal questions), or the same entry is nearest to both and they are worded alike.
        """
        if (self.facts, self.nearest) != (other.facts, other.nearest):
            return False
        sure = self.answer is not None and self.answer == other.answer
        return sure or likeness(self.words, other.words) >= ALIKE


def gist(text: str, mind: Mind) -> Gist:
    """Reads a question that is asked on its own."""
    question = interpret(text, mind)
    candidates = question.ranking.candidates
    outcome = decide(question, Context(), mind, None)
    sure = (outcome.entry, outcome.year, outcome.number) if isinstance(outcome, AnswerEntry) else None
    return Gist(question.ranking.repaired, _facts(question), candidates[0].label if candidates else "", sure)


def nearest(text: str, mind: Mind) -> tuple[tuple[Entry, float], ...]:
    """The entries closest to a question, best first, with their scores (0-1)."""
    candidates = interpret(text, mind).ranking.candidates
    entries = mind.knowledge.entries
    return tuple((entries[c.label], min(1.0, c.score)) for c in candidates if c.label in entries)[:NEAREST]


def _facts(question: Question) -> Hashable:
    slots = question.slots
    return frozenset(question.regions), frozenset(question.provinces), slots.years, slots.numbers, slots.type
