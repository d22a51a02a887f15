"""Everything that can be said about a knowledge folder: mistakes, doubts, overlaps, and what is due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bot.curation.consistency import inconsistencies
from bot.curation.freshness import Due, due
from bot.curation.lint import lint, matcher_of
from bot.curation.load import load, locate
from bot.model import Knowledge, Problem


@dataclass(frozen=True, slots=True)
class Inspection:
    """What was found; ``knowledge`` is None where it cannot be served."""

    knowledge: Knowledge | None
    problems: tuple[Problem, ...]
    due: tuple[Due, ...] = ()

    @property
    def sound(self) -> bool:
        """Tells whether nothing is worse than a warning."""
        return self.knowledge is not None and all(problem.warning for problem in self.problems)


def inspect(folder: Path, today: date, *, linted: bool = True) -> Inspection:
    """Reads and checks a folder; ``linted`` adds warnings that only sound knowledge can give.

    Some 8 s for 213 entries with 36 phrasings each, of which the warnings take 6. Example:
    ``inspect(Path("knowledge"), date(2026, 11, 21)).problems``
    """
    knowledge, problems = load(folder, today)
    if knowledge is None or not linted:
        return Inspection(knowledge, problems)
    places = locate(folder)
    doubts = (*inconsistencies(knowledge, places), *lint(knowledge, matcher_of(knowledge), places))
    in_order = sorted({*problems, *doubts}, key=lambda problem: (problem.file, problem.line, problem.message))
    return Inspection(knowledge, tuple(in_order), due(knowledge, places, today))
