"""What ``python -m bot check`` prints: for people, for programs, and for the pages of a pull request."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from bot.curation.freshness import Due
from bot.model import Certainty, Knowledge, Problem

NOBODY = "belum ada penanggung jawab"


def report(problems: Sequence[Problem], knowledge: Knowledge | None = None, due: Sequence[Due] = ()) -> str:
    """One line per problem, then a summary: how many mistakes, or what the sound knowledge holds.

    What is ``due`` stands apart, under whoever looks after it.

    >>> print(report([Problem("knowledge/pesan.yaml", 3, "…"), Problem("knowledge/pesan.yaml", 4, "…", warning=True)]))
    knowledge/pesan.yaml:3: …
    knowledge/pesan.yaml:4: peringatan: …
    1 kesalahan, 1 peringatan
    """
    in_order = sorted(problems, key=lambda problem: problem.warning)
    lines = [*map(_line, in_order), *_by_owner(due)]
    warnings = sum(problem.warning for problem in problems) + len(due)
    mistakes = sum(not problem.warning for problem in problems)
    counts = [f"{mistakes} kesalahan"] if mistakes else []
    counts += [f"{warnings} peringatan"] if warnings else []
    if knowledge is None or mistakes:
        return "\n".join([*lines, ", ".join(counts)])
    note = f" ({', '.join(counts)})" if counts else ""
    return "\n".join([*lines, f"Basis pengetahuan sah: {_contents(knowledge)}.{note}"])


def as_json(problems: Sequence[Problem], knowledge: Knowledge | None = None, due: Sequence[Due] = ()) -> str:
    """The same for programs: one object with ``sound``, ``version``, ``mistakes``, ``warnings`` and ``problems``.

    A problem has ``file``, ``line`` (0: the file as a whole), ``level`` (error or warning), ``message`` and, where an
    entry is due, ``owner``.
    """
    told: list[dict[str, Any]] = [_fields(problem) for problem in problems]
    told += [_fields(item.problem) | {"owner": item.owner} for item in due]
    levels = [fields["level"] for fields in told]
    summary = {
        "sound": knowledge is not None and "error" not in levels,
        "version": knowledge.version if knowledge else None,
        "mistakes": levels.count("error"),
        "warnings": levels.count("warning"),
        "problems": told,
    }
    return json.dumps(summary, ensure_ascii=False, indent=2)


def as_annotations(problems: Sequence[Problem], due: Sequence[Due] = ()) -> str:
    """The problems as GitHub shows them beside the lines of a change, one workflow command a line.

    See https://docs.github.com/actions/reference/workflow-commands-for-github-actions

    >>> print(as_annotations([Problem("knowledge/pesan.yaml", 3, "100 % salah")]))
    ::error file=knowledge/pesan.yaml,line=3::100 %25 salah
    """
    return "\n".join(map(_annotation, [*problems, *(item.problem for item in due)]))


def _line(problem: Problem) -> str:
    return f"{problem.file}:{problem.line}: {'peringatan: ' if problem.warning else ''}{problem.message}"


def _by_owner(due: Sequence[Due]) -> Iterator[str]:
    for owner, items in groupby(due, key=lambda item: item.owner):
        yield f"Perlu diperiksa, {owner or NOBODY}:"
        yield from (f"  {_line(item.problem)}" for item in items)


def _fields(problem: Problem) -> dict[str, Any]:
    return {
        "file": problem.file,
        "line": problem.line,
        "level": "warning" if problem.warning else "error",
        "message": problem.message,
    }


def _annotation(problem: Problem) -> str:
    place = f"file={_escaped(problem.file).replace(':', '%3A').replace(',', '%2C')}"
    place += f",line={problem.line}" if problem.line else ""
    return f"::{'warning' if problem.warning else 'error'} {place}::{_escaped(problem.message)}"


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


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
