"""What ``python -m bot check`` prints."""

from __future__ import annotations

from collections.abc import Sequence

from bot.model import Certainty, Knowledge, Problem


def report(problems: Sequence[Problem], knowledge: Knowledge | None = None) -> str:
    """One line per problem, then a summary: how many mistakes, or what the sound knowledge holds.

    >>> print(report([Problem("knowledge/pesan.yaml", 3, "…"), Problem("knowledge/pesan.yaml", 4, "…", warning=True)]))
    knowledge/pesan.yaml:3: …
    knowledge/pesan.yaml:4: peringatan: …
    1 kesalahan, 1 peringatan
    """
    lines = [_line(problem) for problem in problems]
    warnings = sum(problem.warning for problem in problems)
    mistakes = len(problems) - warnings
    counts = [f"{mistakes} kesalahan"] if mistakes else []
    counts += [f"{warnings} peringatan"] if warnings else []
    if knowledge is None:
        return "\n".join([*lines, ", ".join(counts)])
    note = f" ({', '.join(counts)})" if counts else ""
    return "\n".join([*lines, f"Basis pengetahuan sah: {_contents(knowledge)}.{note}"])


def _line(problem: Problem) -> str:
    return f"{problem.file}:{problem.line}: {'peringatan: ' if problem.warning else ''}{problem.message}"


def _contents(knowledge: Knowledge) -> str:
    told = (row.certainty for cohort in knowledge.cohorts.values() for row in cohort.members)
    members = sum(certainty is not Certainty.UNCHECKED for certainty in told)
    parts = {
        "entri": len(knowledge.entries),
        "topik": len(knowledge.topics),
        "sumber": len(knowledge.sources),
        "wilayah": len(knowledge.regions),
        "keikutsertaan": members,
    }
    return ", ".join(f"{count} {name}" for name, count in parts.items()) + f"; versi {knowledge.version}"
