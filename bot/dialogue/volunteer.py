"""Whether a message that nobody put to the bot is a question which it should answer all the same."""

from __future__ import annotations

from bot.dialogue.decide import decide
from bot.dialogue.interpret import interpret
from bot.dialogue.mind import Mind
from bot.dialogue.model import AnswerEntry, Context
from bot.model import EntryKind

VERY_SURE = 0.4
"""Confidence from which an entry is told unasked; the cut for what is asked lies near 0. Of 2,715 test questions 657
reach it, none of them out of topic and none with a wrong answer; of the 825 that reach 0.3, one is wrong."""

LONGEST = 200
"""Characters of a message that is read as one plain question; more is somebody's account of something."""

_ASKING = "apa apakah siapa berapa bagaimana kapan mana mengapa kenapa what who how when where which why"
ASKING = frozenset(_ASKING.split())
"""Standard words of which a question without a question mark has at least one."""


def volunteers(text: str, mind: Mind) -> bool:
    """Tells whether a message is a question, complete in itself, with a fact of the FAQ as its very sure answer.

    Questions to the region table are left out: whoever names a region in a talk seldom wants its row of the table.
    """
    if len(text) > LONGEST:
        return False
    question = interpret(text, mind)
    if "?" not in text and not ASKING & set(question.ranking.repaired):
        return False
    outcome = decide(question, Context(), mind, None)
    if not isinstance(outcome, AnswerEntry) or question.ranking.confidence < VERY_SURE:
        return False
    return mind.knowledge.entries[outcome.entry].kind is EntryKind.FACT
