"""From a question to a query of the region table: which kind it is, and which places, years and types it names."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.dialogue.interpret import Question
from bot.dialogue.mind import Mind
from bot.dialogue.model import AskTable, AskWhichRegion, Context, Outcome, QueryKind, RegionQuery, TellPlace
from bot.model import RegionType

YEARS_TOLD = 3  # at most, of each of which it is said whether a region took part
_COUNTING = "berapa jumlah jumlahnya total totalnya banyak banyaknya hitung kuota many number count"
COUNTING = frozenset(_COUNTING.split())  # words without which a number is not what is asked for
FEW = frozenset(
    ["sedikit", "dikit", "tersedikit", "least", "fewest", "tidak", "belum", "tanpa", "nol", "kosong", "no", "not"]
)
_KIND_ASKED = re.compile(r"\b(kota|kabupaten) (?:mana|apa)\b")  # of who is missing, where cities are told from others
_FAILED = re.compile(r"\b(?:tidak|gagal) (?:lolos|lulus|terpilih|dipilih)\b|\bgugur\b")  # told in no list
TAKING_PART = frozenset(["ikut", "masuk", "terpilih", "terdaftar", "tercatat", "lolos", "bergabung"])
"""Words for it, of all of which the table tells."""
_MISSING = re.compile(rf"\b(?:tidak|belum|tanpa)(?: \w+)?? (?:{'|'.join(sorted(TAKING_PART))}|punya|memiliki)\b")
"""Asks who did not: of these a list says the opposite."""
DENIED = re.compile(rf"\b(?:tidak|bukan)(?: \w+)?? (?:{'|'.join(sorted(TAKING_PART))})\b")
"""Holds that a region did not, or asks whether it did not: "ya" would be misread."""
_LISTS = re.compile(
    r"\b(?:(?:daerah|wilayah|pemda|kabupaten|kota|peserta)(?: (?:dan )?(?:kabupaten|kota))? (?:apa|mana|siapa) saja"
    r"|siapa saja|which (?:regions|regencies|cities))\b"
)  # asks who took part, which a year alone does not
TABLE_PATTERNS = {
    "anggota": QueryKind.MEMBERSHIP,
    "daftar": QueryKind.LIST,
    "jumlah": QueryKind.COUNT,
    "peringkat": QueryKind.RANKING,
    "tanpa": QueryKind.WITHOUT,
    "seangkatan": QueryKind.SAME_YEAR,
}
LISTINGS = frozenset({QueryKind.LIST, QueryKind.COUNT, QueryKind.WITHOUT})


def wants_names(question: Question) -> bool:
    """Whether a message asks who took part."""
    return bool(_LISTS.search(question.said))


def kind_of(pattern: str, question: Question) -> QueryKind | None:
    """The kind of table question; a count needs a word that counts, or else a list is meant.

    None where those are asked for who were not taken, of whom no list tells.
    """
    kind, said = TABLE_PATTERNS[pattern], question.said
    if kind is QueryKind.MEMBERSHIP and question.provinces and wants_names(question):
        return QueryKind.LIST
    if kind is QueryKind.RANKING and FEW & set(question.ranking.repaired) and "banyak" not in said:
        return QueryKind.WITHOUT
    if kind in {QueryKind.LIST, QueryKind.COUNT} and _FAILED.search(said):
        return None
    if kind in {QueryKind.LIST, QueryKind.COUNT} and _MISSING.search(said):
        places = question.provinces or question.slots.my_province or "provinsi" in question.ranking.repaired
        return QueryKind.WITHOUT if places else None
    if kind is QueryKind.WITHOUT and not FEW & set(question.ranking.repaired):
        return QueryKind.LIST
    if kind is QueryKind.COUNT and not COUNTING & set(question.ranking.repaired):
        return QueryKind.LIST
    return kind


def fill(
    question: Question, mind: Mind, own_region: str | None, base: RegionQuery, context: Context | None = None
) -> Outcome:
    """Fills the places of a table question, or says which one is missing."""
    kind = base.kind
    if kind is QueryKind.RANKING:
        return AskTable(base)
    if kind is QueryKind.WITHOUT:
        which = _KIND_ASKED.findall(question.said)
        if base.type is None and len(set(which)) == 1:
            base = replace(base, type=RegionType.CITY if which[0] == "kota" else RegionType.REGENCY)
        return _in_provinces(question, mind, own_region, base)
    if kind in {QueryKind.LIST, QueryKind.COUNT}:
        if question.provinces or not question.regions:
            return _in_provinces(question, mind, own_region, base)
        base = replace(base, kind=QueryKind.MEMBERSHIP)
    if question.place:
        return TellPlace(question.place)
    if question.regions:
        return _of_regions(question, base)
    if question.provinces:
        return AskTable(replace(base, regions=question.provinces))
    last = RegionQuery.decode(context.query) if context and context.query else None
    if last is not None and last.regions and not question.slots.mine:
        return AskTable(replace(base, regions=last.regions))
    return AskTable(replace(base, regions=(own_region,))) if own_region else AskWhichRegion(replace(base, mine=True))


def _in_provinces(question: Question, mind: Mind, own_region: str | None, base: RegionQuery) -> Outcome:
    if question.slots.my_province:
        if own_region is None:
            return AskWhichRegion(replace(base, mine=True))
        return AskTable(replace(base, provinces=(mind.knowledge.regions[own_region].province,)))
    return AskTable(replace(base, provinces=question.provinces))


def _of_regions(question: Question, base: RegionQuery) -> Outcome:
    """Every region named; the first ambiguous one is asked back."""
    if len(base.years) > YEARS_TOLD or DENIED.search(question.said):
        base = replace(base, years=())  # when it took part says it all, and "ya" to a denial would say the opposite
    certain: list[str] = []
    for number, codes in enumerate(question.regions):
        if len(codes) > 1:
            rest = tuple(c[0] for c in question.regions[number + 1 :] if len(c) == 1)
            return ask_which(replace(base, regions=(*certain, *rest)), question, number)
        certain.append(codes[0])
    return AskTable(replace(base, regions=tuple(dict.fromkeys(certain))))


def ask_which(query: RegionQuery, question: Question, number: int) -> AskWhichRegion:
    """Asks back which of its candidates the region named as number ``number`` is."""
    named = [m for m in question.mentions if m.kind == "region" or (m.kind == "place" and m.codes)]
    mention = named[number]
    said = question.text[mention.start : mention.end].strip()
    return AskWhichRegion(query, mention.codes, said, place=mention.kind == "place")
