"""Searching without a conversation, as somebody types: nothing is asked back, remembered or logged."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

from bot.dialogue.compose import Setting, compose, entry_id
from bot.dialogue.interpret import interpret
from bot.dialogue.message import read_message
from bot.dialogue.mind import Mind
from bot.dialogue.model import (
    LONGEST_ID,
    TABLE,
    AnswerEntry,
    AskAboutYear,
    AskTable,
    AskWhichRegion,
    Context,
    OfferEntries,
    Outcome,
    QueryKind,
    RegionQuery,
    Scored,
    SetRegion,
)
from bot.dialogue.table import query_title
from bot.language.normalize import fold
from bot.model import Entry, EntryKind, Finding, RegionType

RANKED = 60  # labels looked at; patterns and out-of-topic groups are among them
NEAR = 0.33  # cosine of its nearest phrasing from which an entry is shown; noise ("xyzzy", "resep rendang") stays below
_WORD = re.compile(r"[a-z0-9]+")
SHORTEST_PREFIX = 3  # letters from which a beginning of a region's name lists regions


def search(text: str, mind: Mind, setting: Setting, most: int) -> tuple[Finding, ...]:
    """What fits a text that may still be half-typed, best first: the bot's own answer, entries, and regions.

    At most ``most`` findings, each with another id. "Daerah saya" finds nothing: whose region it is, is not asked.
    """
    if not text.strip():
        return ()
    answers = list(_answers(text, mind))
    small_talk = any(isinstance(o, AnswerEntry) and o.entry in mind.small_talk for o in answers)
    entries = [] if small_talk and not _titled(text, mind) else _entries(text, mind)
    return _distinct([*answers, *entries, *_regions(text, mind)], mind, setting, most)


def popular(entries: Iterable[str], mind: Mind, setting: Setting, most: int) -> tuple[Finding, ...]:
    """What to show before anything is typed: ``entries`` (ids, most asked first), then the first of each topic."""
    first: dict[str, str] = {}
    for entry in mind.knowledge.entries.values():
        if entry.kind is EntryKind.FACT:
            first.setdefault(entry.topic, entry.id)
    shelves = (first[topic.id] for topic in mind.knowledge.topics if topic.id in first)
    return _distinct([AnswerEntry(ident, 1.0) for ident in (*entries, *shelves)], mind, setting, most)


def _distinct(outcomes: Iterable[Outcome], mind: Mind, setting: Setting, most: int) -> tuple[Finding, ...]:
    findings: dict[str, Finding] = {}
    shown = (finding for outcome in outcomes if (finding := _finding(outcome, mind, setting)) is not None)
    for finding in shown:
        findings.setdefault(finding.id, finding)
        if len(findings) == most:
            break
    return tuple(findings.values())


def _finding(outcome: Outcome, mind: Mind, setting: Setting) -> Finding | None:
    """An outcome as a result, None where there is nothing to show on its own."""
    match outcome:
        case AnswerEntry(entry=ident, year=year, number=number) if _shown(mind.knowledge.entries.get(ident), setting):
            found, title = entry_id(ident, year, number), mind.knowledge.entries[ident].title
        case AskTable(query=query):
            found, title = f"{TABLE}:{query.encode()}", query_title(query, mind)
        case _:
            return None
    reply = replace(compose(outcome, mind, setting), actions=(), list_id="")
    return Finding(found, title, reply) if len(found.encode()) <= LONGEST_ID and reply.text else None


def _shown(entry: Entry | None, setting: Setting) -> bool:
    if entry is None or entry.kind is EntryKind.SMALL_TALK:
        return False
    return entry.valid_until is None or setting.today <= entry.valid_until


def _answers(text: str, mind: Mind) -> Iterator[Outcome]:
    """What the bot would answer or offer, were this a question of somebody it knows nothing of."""
    for outcome in read_message(text, Context(), mind, None):
        match outcome:
            case OfferEntries(options=options, year=year, number=number):
                for option in options:
                    if isinstance(option, Scored):
                        yield AnswerEntry(option.entry, option.score, year, number)
                    else:
                        yield option
            case AskWhichRegion(query=query, candidates=candidates):
                for code in candidates:
                    yield AskTable(replace(query, regions=(*query.regions, code), mine=False))
            case AskAboutYear(years=years):
                yield from (AskTable(RegionQuery(kind, years=years)) for kind in (QueryKind.LIST, QueryKind.COUNT))
            case SetRegion(codes=codes):
                yield from map(_membership, codes)
            case _:
                yield outcome


def _entries(text: str, mind: Mind) -> Iterator[Outcome]:
    """Entries whose title has every word (or its beginning), then those with a phrasing like it."""
    titled = _titled(text, mind)
    ranked = mind.matcher.rank(interpret(text, mind).masked, RANKED).candidates
    near = [c for c in ranked if c.label in titled or c.cosine >= NEAR]
    near.sort(key=lambda c: c.label not in titled)
    far = sorted(titled - {c.label for c in near})
    yield from (AnswerEntry(c.label, max(0.0, min(1.0, c.score))) for c in near if c.label in mind.knowledge.entries)
    yield from (AnswerEntry(ident, 0.0) for ident in far)


def _titled(text: str, mind: Mind) -> set[str]:
    typed = _WORD.findall(fold(text))  # not kept: it is somebody's
    return {e.id for e in mind.knowledge.entries.values() if typed and _begun(typed, _words(e.title))}


@lru_cache(maxsize=4096)  # titles and names of regions: the same some thousand at every pause in typing
def _words(text: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(fold(text)))


def _begun(typed: Iterable[str], words: Sequence[str]) -> bool:
    """Whether every typed word is the beginning of one of ``words``."""
    return all(any(word.startswith(part) for word in words) for part in typed)


def _regions(text: str, mind: Mind) -> Iterator[Outcome]:
    """Regions named in the text, then those whose name begins with it."""
    for mention in mind.gazetteer.find(text):
        yield from (_membership(code) for code in mention.codes if mention.kind != "island")
    typed = " ".join(_WORD.findall(fold(text)))
    if len(typed) >= SHORTEST_PREFIX:
        for code, region in sorted(mind.knowledge.regions.items()):
            names = (" ".join(_words(name)) for name in (region.name, region.full_name))
            if region.type is not RegionType.PROVINCE and any(name.startswith(typed) for name in names):
                yield _membership(code)


def _membership(code: str) -> AskTable:
    return AskTable(RegionQuery(QueryKind.MEMBERSHIP, regions=(code,)))
