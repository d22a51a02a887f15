"""Writing ``gagal_diketahui`` into the files of test questions, and taking it out where it no longer holds."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from bot.rehearsal.figures import Report

KEY = "gagal_diketahui"
LONGEST = 200  # characters of a reason; a file stays readable

_LIST_MARKS = re.compile(r"\s*(?:-\s+)*")
_REST = re.compile(r"\s*(#.*)?")
_OPENING, _CLOSING = "{[", "}]"


@dataclass(frozen=True, slots=True)
class Marked:
    """What marking did."""

    changed: int  # lines
    unmarked: tuple[str, ...]  # file:line of questions that are not written as one line in { }


def mark_known(folder: Path, report: Report) -> Marked:
    """Marks what fails now and unmarks what passes, in the files under ``folder`` (the knowledge folder).

    A failure that is marked already keeps its reason.
    """
    reasons: dict[str, dict[int, str]] = {}
    for result in report.results:
        if not result.as_foreseen:
            reasons.setdefault(result.turn.file, {})[result.turn.line] = result.reason
    unmarked: list[str] = []
    changed = 0
    for file, lines in reasons.items():
        path = folder / file.partition("/")[2]
        before = path.read_bytes().decode("utf-8")
        after, refused = mark(before, lines)
        path.write_bytes(after.encode("utf-8"))
        changed += len(lines) - len(refused)
        unmarked += [f"{file}:{line}" for line in refused]
    return Marked(changed, tuple(unmarked))


def mark(text: str, reasons: Mapping[int, str]) -> tuple[str, tuple[int, ...]]:
    """The text of a file with the reasons written at their lines (from 1); an empty reason takes the key out.

    Returns the text and the lines that cannot be marked because they are not one mapping in ``{ }``. Everything else
    stays as it is, comments and line ends too.

    >>> mark("- {tanya: apa itu, harus: [salam]}  # lihat", {1: "menolak"})
    ('- {tanya: apa itu, harus: [salam], gagal_diketahui: "menolak"}  # lihat', ())
    """
    lines = text.split("\n")
    refused = []
    for number, reason in reasons.items():
        changed = _marked(lines[number - 1], reason)
        if changed is None:
            refused.append(number)
        else:
            lines[number - 1] = changed
    return "\n".join(lines), tuple(refused)


def _marked(line: str, reason: str) -> str | None:
    marks = _LIST_MARKS.match(line)
    start = marks.end() if marks else 0
    parts = _parts(line, start)
    if parts is None:
        return None
    kept = [part for part in parts if part.strip().partition(":")[0] not in (KEY, "")]
    end = start + len(",".join(parts)) + 2
    if reason:
        kept.append(f' {KEY}: "{_quotable(reason)}"')
    return f"{line[:start]}{{{','.join(kept)}}}{line[end:]}"


def _quotable(reason: str) -> str:
    """The reason so that it may stand in double quotes."""
    flat = " ".join(reason.replace('"', "'").replace("\\", "/").split())
    return flat if len(flat) <= LONGEST else flat[: LONGEST - 1].rstrip() + "…"


def _parts(line: str, start: int) -> list[str] | None:
    """What stands between the commas of the mapping that opens at ``start``; None where the line is nothing else."""
    if line[start : start + 1] != "{":
        return None
    depth, quote, before, cuts = 0, "", "", [start]
    for at in range(start, len(line)):
        character = line[at]
        if quote:
            escaped = quote == '"' and before == "\\"
            quote = quote if character != quote or escaped else ""
            before = "" if escaped else character
            continue
        if character in "\"'" and before in "{[,:":
            quote = character  # inside a word it is an apostrophe
        depth += (character in _OPENING) - (character in _CLOSING)
        if not depth:
            return _between(line, [*cuts, at]) if _REST.fullmatch(line, at + 1) else None
        if depth == 1 and character == ",":
            cuts.append(at)
        before = character if not character.isspace() else before
    return None


def _between(line: str, cuts: list[int]) -> list[str]:
    return [line[left + 1 : right] for left, right in pairwise(cuts)]
