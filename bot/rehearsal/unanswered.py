"""What people asked in vain: questions alike put together, with what to write into the knowledge for them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot.dialogue.interpret import NEAR_ENOUGH, Question, interpret
from bot.dialogue.mind import OUTSIDE, PATTERN, Mind, phrasings
from bot.language.grouping import group
from bot.language.normalize import tokens
from bot.model import Decision, Entry
from bot.rehearsal.proposals import Proposal, add_member, ask_table, begin, complete, join, new_id
from bot.rehearsal.tables import csv_text, drawn, markdown_table, one_line
from bot.store.log import Unanswered

JOIN = 0.35
"""Score from which a group is proposed for an existing entry instead of a new one. Of 358 rehearsal questions whose
entry the knowledge has, 89 % score so much (nearly all of these with the right entry first); of 395 whose entry it was
made to forget, 16 %. At 0.30 it is 95 % and 30 %, at 0.40 85 % and 8 %."""
NEAREST = 3  # entries shown with their scores
LONGEST_READ = 1500  # characters of a message that are looked at, as the bot does

DECLINED, REJECTED, DISLIKED, REPORTED = "ditolak", "bukan ini semua", "👎", "laporan data"
HEAD = ("No", "Kali", "Sebab", "Pertanyaan", "Entri terdekat")
COLUMNS = ("nomor", "kali", "sebab", "pertanyaan", "entri_terdekat", "saran", "yaml")

YEAR = re.compile(r"\b20[12]\d\b")


@dataclass(frozen=True, slots=True)
class Gap:
    """Questions alike that found no good answer, and what could be done about them."""

    times: int
    reasons: tuple[tuple[str, int], ...]  # why they stand here, and how often; a question may have several reasons
    questions: tuple[str, ...]  # masked, each once; the most asked first
    nearest: tuple[str, ...]  # entries with their scores; of a reported region, what is recorded
    proposal: Proposal


@dataclass(frozen=True, slots=True)
class _Asked:
    """The rows of one text, and how it is read."""

    rows: tuple[Unanswered, ...]
    text: str
    question: Question


@dataclass(frozen=True, slots=True)
class _Group:
    """Rows of the log that are one gap."""

    rows: tuple[Unanswered, ...]
    texts: tuple[str, ...]  # each once; the most asked first
    masked: tuple[str, ...]  # the same with placeholders for what stands in the region table
    scores: Mapping[str, float]  # of every label near to them, 0-1: the mean over the rows

    def reasons(self) -> dict[str, int]:
        """Why they stand here, and how often."""
        return {
            DECLINED: sum(row.decision == Decision.DECLINE for row in self.rows),
            REJECTED: sum(row.rejected for row in self.rows),
            DISLIKED: sum(row.disliked for row in self.rows),
        }

    def refused(self) -> frozenset[str]:
        """The entries that were offered and not meant in more than half of them."""
        counts = Counter(entry for row in self.rows if row.rejected for entry in row.entries)
        return frozenset(entry for entry, count in counts.items() if 2 * count > len(self.rows))


# --- finding --------------------------------------------------------------------------------------------------------


def gaps(log: Iterable[Unanswered], reports: Iterable[str], mind: Mind, today: date) -> tuple[Gap, ...]:
    """What was asked in vain, put into groups, the most asked first; ``today`` is written into new entries.

    Questions that the same entry could not help with are one group; all others are put together by likeness. Messages
    without a word are left out.
    """
    told: dict[str, list[Unanswered]] = {}
    for row in log:
        entry = _told(row, mind)
        if row.picked and entry:  # nobody typed anything: what was picked stands for it
            told.setdefault(entry, []).append(replace(row, text=mind.knowledge.entries[entry].title))
        elif not row.picked and tokens(row.text, mind.terms):
            told.setdefault(entry, []).append(row)
    found = _alike(_by_text(told.pop("", []), mind), mind, today)
    for ident, rows in told.items():
        one = _group(_by_text(rows, mind))
        found.append(_gap(one, _unhelpful(mind.knowledge.entries[ident], one, today), mind))
    found += _reported(reports, mind)
    return tuple(sorted(found, key=lambda gap: (-gap.times, gap.questions[0])))


def _told(row: Unanswered, mind: Mind) -> str:
    """The entry that a question was answered or declined with, "" for none that is still there."""
    known = row.decision != Decision.CLARIFY and row.entries and row.entries[0] in mind.knowledge.entries
    return row.entries[0] if known else ""


def _by_text(log: Iterable[Unanswered], mind: Mind) -> list[_Asked]:
    """What was asked, capitals and spaces aside; the most frequent first, then by alphabet."""
    kept: dict[str, list[Unanswered]] = {}
    for row in log:
        kept.setdefault(one_line(row.text).casefold(), []).append(row)
    texts = {key: one_line(rows[0].text) for key, rows in kept.items()}
    asked = [_Asked(tuple(rows), texts[key], interpret(texts[key][:LONGEST_READ], mind)) for key, rows in kept.items()]
    return sorted(asked, key=lambda one: (-len(one.rows), one.text))


def _alike(asked: Sequence[_Asked], mind: Mind, today: date) -> list[Gap]:
    background = [tokens(text, mind.terms) for _, text in phrasings(mind.knowledge)]
    numbered = group([one.question.ranking.repaired for one in asked], background)
    groups = [_group([asked[number] for number in numbers]) for numbers in numbered]
    return [_gap(one, _missing(one, mind, today), mind) for one in groups]


def _group(asked: Sequence[_Asked]) -> _Group:
    rows = tuple(row for one in asked for row in one.rows)
    scores: dict[str, float] = {}
    for one in asked:
        for candidate in one.question.ranking.candidates:
            part = min(1.0, candidate.score) * len(one.rows) / len(rows)
            scores[candidate.label] = scores.get(candidate.label, 0.0) + part
    in_order = sorted(scores.items(), key=lambda item: (-item[1], item[0]))
    masked = dict.fromkeys(one_line(YEAR.sub("<tahun>", one.question.masked)) for one in asked)
    return _Group(rows, tuple(one.text for one in asked), tuple(masked), dict(in_order))


def _gap(one: _Group, proposal: Proposal, mind: Mind) -> Gap:
    refused = one.refused()
    nearest = [
        f"{label} {score:.2f}" + (" (bukan ini)" if label in refused else "")
        for label, score in one.scores.items()
        if label in mind.knowledge.entries
    ]
    reasons = tuple((name, count) for name, count in one.reasons().items() if count)
    return Gap(len(one.rows), reasons, one.texts, tuple(nearest[:NEAREST]), proposal)


def _unhelpful(entry: Entry, one: _Group, today: date) -> Proposal:
    """What to do about an entry that was told and did not help."""
    reasons = one.reasons()
    if reasons[DECLINED] >= reasons[DISLIKED]:
        return complete(entry, today)
    said = f"Periksa jawaban entri {entry.id}, yang dinilai kurang membantu. Bila maksudnya lain, pindahkan ini:"
    return join(entry, [text for text in one.texts if text != entry.title], said)


def _missing(one: _Group, mind: Mind, today: date) -> Proposal:
    """What to do about questions that no entry answered."""
    entries = mind.knowledge.entries
    refused = one.refused()
    near = [entries[label] for label in one.scores if label in entries and label not in refused]
    best = next(iter(one.scores), "")
    if best.startswith(OUTSIDE) and one.scores[best] >= NEAR_ENOUGH:
        title = next(topic.title for topic in mind.knowledge.off_topics if OUTSIDE + topic.id == best)
        said = f'Biarkan: dikenali sebagai luar topik "{title}". Bila seharusnya dijawab, buat entri baru:'
    elif best.startswith(PATTERN) and one.scores[best] >= JOIN:
        return ask_table(best.removeprefix(PATTERN), one.masked)
    elif near and one.scores[near[0].id] >= JOIN:
        said = f"Tambahkan ke entri {near[0].id} bila itu yang dimaksud; kalau bukan, buat entri baru."
        return join(near[0], one.texts, said)
    else:
        said = "Buat entri baru:"
    topic = near[0].topic if near else "<topik>"
    return begin(one.texts, said, topic=topic, ident=new_id(one.texts[0], entries, mind.terms), today=today)


def _reported(reports: Iterable[str], mind: Mind) -> Iterator[Gap]:
    """Reports put together by the region and the year that they name; those without either stay alone."""
    kept: dict[tuple[str, str, str], list[str]] = {}
    for report in reports:
        text = one_line(report)
        code = next((mention.codes[0] for mention in mind.gazetteer.find(text) if mention.codes), "")
        said = YEAR.search(text)
        year = said[0] if said else ""
        kept.setdefault((code, year, "" if code and year else text), []).append(text)
    for (code, year, _), texts in kept.items():
        recorded = [str(row.year) for row in mind.table.memberships(code)] if code else []
        nearest = tuple(f"tercatat {one}" for one in recorded)
        proposal = add_member(code, year, recorded)
        yield Gap(len(texts), ((REPORTED, len(texts)),), tuple(dict.fromkeys(texts)), nearest, proposal)


# --- telling --------------------------------------------------------------------------------------------------------


def summary(found: Sequence[Gap], days: int) -> str:
    """How much there is, in a sentence."""
    if not found:
        return f"Tidak ada pertanyaan tak terjawab atau laporan data dalam {days} hari terakhir."
    times = sum(gap.times for gap in found)
    return f"{days} hari terakhir: {times} pertanyaan tak terjawab dan laporan data, dalam {len(found)} kelompok."


def text(found: Sequence[Gap], days: int, most: int, width: int) -> str:
    """The report for a terminal of so many columns; ``most`` groups are shown."""
    if not found:
        return summary(found, days)
    shown = [*enumerate(found[:most], 1)]
    parts = [summary(found, days), "", drawn(HEAD, (_row(number, gap) for number, gap in shown), width)]
    for number, gap in shown:
        parts += ["", f"{number}. {gap.proposal.advice}", "", gap.proposal.block]
    if len(found) > most:
        parts += ["", f"... dan {len(found) - most} kelompok lagi (--most {len(found)} menampilkan semua)"]
    return "\n".join(parts)


def markdown(found: Sequence[Gap], days: int) -> str:
    """All groups as a Markdown page."""
    shown = [*enumerate(found, 1)]
    parts = ["# Pertanyaan tak terjawab", summary(found, days)]
    parts.append(markdown_table(HEAD, (_row(number, gap) for number, gap in shown)))
    for number, gap in shown:
        parts += [f"## Kelompok {number}", gap.proposal.advice, f"```yaml\n{gap.proposal.block}\n```"]
    return "\n\n".join(parts) + "\n"


def table(found: Sequence[Gap]) -> str:
    """All groups as CSV with a heading; a group's questions stand below each other in their cell."""
    rows = (
        (
            *_row(number, gap)[:3],
            "\n".join(gap.questions),
            ", ".join(gap.nearest),
            gap.proposal.advice,
            gap.proposal.block,
        )
        for number, gap in enumerate(found, 1)
    )
    return csv_text(COLUMNS, rows)


def _row(number: int, gap: Gap) -> tuple[object, ...]:
    reasons = ", ".join(f"{name} {count}×" for name, count in gap.reasons)
    more = f" (dan {len(gap.questions) - 1} lagi)" if len(gap.questions) > 1 else ""
    return number, gap.times, reasons, gap.questions[0] + more, ", ".join(gap.nearest)
