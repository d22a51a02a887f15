"""Asking the test questions, each conversation by a person nobody knows."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from bot.assistant import Assistant
from bot.model import Asker, Rehearsal
from bot.rehearsal.figures import Report
from bot.rehearsal.judge import Result, expects, judge


async def rehearse(assistant: Assistant, rehearsals: Iterable[Rehearsal], now: datetime) -> Report:
    """Asks every question in order and judges the replies; ``now`` (with zone) stands for the time of all of them.

    The assistant's store should be a new one in memory: the questions leave traces in its log.

    Example: ``report = await rehearse(Assistant(mind, store), mind.knowledge.rehearsals, now)``
    """
    results: list[Result] = []
    for number, rehearsal in enumerate(rehearsals, 1):
        person = Asker(f"uji-{number}", f"uji-{number}")
        for turn in rehearsal.turns:
            reply = await assistant.ask(person, turn.question, now)
            if expects(turn):
                results.append(Result(turn, reply, judge(turn, reply), number, len(rehearsal.turns) > 1))
    return Report(assistant.mind.knowledge.version, tuple(results))
