"""From a question and its context to an outcome."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from bot.dialogue.following import ASKING, VERY_SHORT, content_words, following, goes_on, leaning, part_of_last
from bot.dialogue.interpret import NEAR_ENOUGH, NEEDS_PLACE, OWN_REGION, Question, outside_winner
from bot.dialogue.mind import OUTSIDE, PATTERN, Mind
from bot.dialogue.model import (
    AnswerEntry,
    AskAboutYear,
    AskMeta,
    AskTable,
    AskWhichRegion,
    Context,
    Decline,
    Meta,
    OfferEntries,
    Outcome,
    QueryKind,
    RegionQuery,
    Scored,
    SetRegion,
)
from bot.dialogue.query import (
    DENIED,
    LISTINGS,
    TABLE_PATTERNS,
    TAKING_PART,
    ask_which,
    fill,
    kind_of,
    wants_names,
)
from bot.dialogue.slots import FIRST_PHASE_YEAR, PHASES
from bot.language.normalize import FILLERS, stem, tokens
from bot.model import EntryKind, RegionType

CHOICES = 3  # offered at most, besides "Bukan ini semua"
KNOWN_ENOUGH = 0.34  # share of words that must be known; below it a message is not understood at all
MOSTLY = 0.7  # share of the words of a region question that must be words of such questions ("berapa nilai <daerah>")
HALF = 0.5
"""Share of a message's words, by rarity, that a label's phrasings must have where its confidence is not enough: for an
unsure region question ("dari", "yang" and "atau" are words of every question; a kabupaten or kota named is enough too,
as no entry is about one), for the easier cut of an honest "not known", and where most words are guesses."""
REQUESTS = frozenset(["minta", "kirim", "dikirim", "lihat", "info", "informasi"])
POLITE = REQUESTS.union(["bisa", "boleh", "mau", "ingin", "tahu", "bantu", "dibantu", "can", "get"])
"""Words around a request for a list that say nothing of what for; without one they ask ("bisa ikut lagi")."""
_COHORT = frozenset(["angkatan", "tahap", "gelombang", "didampingi", "dibina", "pendampingan"])
_PART = TAKING_PART | _COHORT.union(["tahun", "peserta"])
_TAKEN_PART = re.compile(rf"\b(?:sudah|pernah|belum)\b.*\b(?:{'|'.join(sorted(TAKING_PART))})\b")
NO_DATA_EASE = 0.06  # by which the answer cut is lower for entries that say what is not known
SHORT_TALK = 3  # words of a message that may be small talk with slips: "okee siaap"
UNSLOTTED = 0.35  # score from which a region question without place or year is one
NEARLY_ALL = 0.85
"""Share of region words from which a message that names a place, or asks for the names of a year, is a region question
whatever entry is close."""
NEARLY_AS = 0.7  # of the best score, from which an entry competes with a pattern
COVERED_LESS = 0.15  # of the words by rarity, that such a pattern may have less: "asesor lamongan siapa" is none
BESIDE = 0.3  # of the score of a pattern that may not answer, from which an entry is near enough to
NEARLY = 0.5  # of the best score, from which a pattern counts where a place is named
META_PATTERNS = {
    "sumber": Meta.SOURCE,
    "rinci": Meta.DETAIL,
    "bukan-itu": Meta.NOT_THAT,
    "hitung": Meta.TALLY,
    "sebutkan": Meta.NAMES,
}
FOLLOW_UP = "lanjutan"
_NEXT = frozenset(["berikutnya", "selanjutnya", "sesudahnya", "setelahnya", "next"])
_PREVIOUS = frozenset(["sebelumnya", "previous"])
_LAST = "terakhir"
_STEPPING = frozenset(
    ["yang", "kalau", "untuk", "tahun", "tahap", "angkatan", "bimtek", "buku", "year", "phase", "the"]
)
"""Words that stand before one of these in a message that only steps on from what was told."""
_SERIES = frozenset(["bimtek", "buku"])  # of these, which are numbered of their own
EXAMPLES = frozenset(["contoh", "contohnya", "misalnya"])  # what an entry of its own may tell of


def decide(question: Question, context: Context, mind: Mind, own_region: str | None) -> Outcome:
    """Chooses what to do with a question.

    ``own_region`` is the code that "daerah saya" stands for, None where it is unknown.
    """
    return (
        _waiting(question, context, mind)
        or _follow_up(question, context, mind, own_region)
        or _by_ranking(question, context, mind, own_region)
    )


def _waiting(question: Question, context: Context, mind: Mind) -> Outcome | None:
    """A region named where one was asked for."""
    if not context.pending or not question.regions:
        return None
    if not question.only(mind.vocabulary(FOLLOW_UP, *OWN_REGION)):
        return None
    return _set_region(question, RegionQuery.decode(context.pending))


def _set_region(question: Question, then: RegionQuery | None = None, *, sure: bool = True) -> Outcome:
    codes = question.regions[0]
    if len(codes) > 1:
        wanted = then or RegionQuery(QueryKind.MEMBERSHIP, mine=True)
        return ask_which(replace(wanted, mine=True), question, 0)
    return SetRegion(codes, sure, then)


# --- follow-ups -----------------------------------------------------------------------------------------------------


def _follow_up(question: Question, context: Context, mind: Mind, own_region: str | None) -> Outcome | None:
    """A message that only fills a slot of the last question ("kalau 2019?", "kotanya?", "yang IV?")."""
    slots = question.slots
    named = question.regions or question.provinces
    if beside := _next_to_last(question, context, mind):
        return beside
    if not (named or slots.years or slots.numbers or slots.type):
        return None
    own = bool(question.ranking.candidates) and question.ranking.candidates[0].label[1:] in OWN_REGION
    if own or not question.only(mind.vocabulary(FOLLOW_UP)):
        return None
    base = RegionQuery.decode(context.query) if context.query else None
    if named:
        return _follow_up_place(question, base, mind, own_region)
    if context.entry:
        variant = _variant(question, context, mind)
        if variant:
            return variant
    if base is None:
        return AskAboutYear(slots.years) if slots.years else None
    if slots.type and not slots.years:
        return _follow_up_type(base, slots.type, mind)
    years = slots.years or tuple(FIRST_PHASE_YEAR + n - 1 for n in slots.numbers if n <= PHASES)
    return AskTable(replace(base, years=years)) if years else None


def _next_to_last(question: Question, context: Context, mind: Mind) -> Outcome | None:
    """The year or number after, before or at the end of the one told: "tahun berikutnya?", "yang terakhir?"."""
    words = question.words
    direction = words[-1] if words and _STEPPING.issuperset(words[:-1]) else ""
    entry = mind.knowledge.entries.get(context.entry)
    if direction not in {*_NEXT, *_PREVIOUS, _LAST}:
        return None
    series = _SERIES.intersection(words)
    if series and (entry is None or series.isdisjoint(tokens(entry.title, mind.terms))):
        return None
    if entry is not None:
        numbers = [v.number for v in entry.variants if v.number and "tahun" not in words]
        number = _step(direction, context.number, numbers)
        year = _step(direction, context.year, [v.year for v in entry.variants if v.year]) if not number else 0
        told = context.year or context.number  # beyond the last one the overview says what there is
        return AnswerEntry(entry.id, 1.0, year, number) if number or year or told else None
    base = RegionQuery.decode(context.query) if context.query else None
    if base is None or len(base.years) != 1:
        return None
    beyond = base.years[0] + (1 if direction in _NEXT else -1)  # of which the table says that it knows nothing
    year = _step(direction, base.years[0], mind.table.years) or beyond
    return AskTable(replace(base, years=(year,)))


def _step(direction: str, now: int, values: Sequence[int]) -> int:
    """The value in a direction from the one told; 0 where there is none, or none was told."""
    if direction == _LAST:
        return max(values, default=0)
    if not now:
        return 0
    if direction in _NEXT:
        return min((value for value in values if value > now), default=0)
    return max((value for value in values if value < now), default=0)


def _variant(question: Question, context: Context, mind: Mind) -> Outcome | None:
    entry = mind.knowledge.entries.get(context.entry)
    if entry is None:
        return None
    number = next((n for n in question.slots.numbers if any(v.number == n for v in entry.variants)), 0)
    year = next((y for y in question.slots.years if any(v.year for v in entry.variants)), 0)
    return AnswerEntry(entry.id, 1.0, year, number) if number or year else None


def _follow_up_place(question: Question, base: RegionQuery | None, mind: Mind, own_region: str | None) -> Outcome:
    listing = base is not None and base.kind in LISTINGS
    kind = QueryKind.MEMBERSHIP
    if question.provinces and (listing or not question.regions):
        kind = base.kind if base is not None and listing else QueryKind.LIST
    years = question.slots.years or (base.years if base is not None and (listing or base.kind is kind) else ())
    kind_of_region = question.slots.type or (base.type if base is not None and listing else None)
    return fill(question, mind, own_region, RegionQuery(kind, years=years, type=kind_of_region))


def _follow_up_type(base: RegionQuery, kind: RegionType, mind: Mind) -> Outcome | None:
    if base.kind in LISTINGS:
        return AskTable(replace(base, type=kind))
    regions = mind.knowledge.regions
    twins = tuple(
        other.code
        for code in base.regions
        for other in regions.values()
        if other.name == regions[code].name and other.type is kind
    )
    return AskTable(replace(base, regions=tuple(dict.fromkeys(twins)))) if twins else None


# --- full questions -------------------------------------------------------------------------------------------------


def _by_ranking(question: Question, context: Context, mind: Mind, own_region: str | None) -> Outcome:
    candidates = question.ranking.candidates
    if not question.ranking.words or (question.ranking.known < KNOWN_ENOUGH and not question.regions):
        return Decline(nonsense=True)
    top = candidates[0]
    if not top.label.startswith(PATTERN) and (courtesy := _courtesy(question, mind)):
        return AnswerEntry(courtesy, top.score)
    if not any(len(word) > 1 and word.isalpha() for word in content_words(question) or question.ranking.words):
        # "9", "25 x 48 berapa": letters and digits of their own are near to anything.
        return Decline(nonsense=True)
    if _about_table(question, mind):
        asked = _pattern(_nearest_pattern(question), question, context, mind, own_region)
        if asked is not None:
            return asked
    if said_after := _after_answer(question, context, mind):
        return said_after
    outside = outside_winner(question.ranking)
    if not outside and top.label in mind.knowledge.entries and _sure_entry(top.label, question, mind):
        return leaning(question, context, mind) or _answer(question, mind)
    if not outside:
        pattern = _best_pattern(question)
        outcome = _pattern(pattern, question, context, mind, own_region) if pattern else None
        if outcome is not None:
            return outcome
        if answer := _beside_pattern(question, mind):
            return answer
    elif top.score >= NEAR_ENOUGH:
        return _outside(outside, top.score, mind)
    meant = None if goes_on(question) else following(question, context, mind)  # by its form it was looked for above
    return meant or _unsure(question, context, mind, own_region)


def _after_answer(question: Question, context: Context, mind: Mind) -> Outcome | None:
    """What is said of the last answer, or goes on with it."""
    candidates = question.ranking.candidates[:CHOICES]
    meta = next((c.label[1:] for c in candidates if c.label.removeprefix(PATTERN) in META_PATTERNS), "")
    told = context.entry or context.query or (context.question and meta == Meta.NOT_THAT)
    if meta == Meta.DETAIL:
        goes = not EXAMPLES.isdisjoint(question.ranking.words)
    else:
        repeated = candidates[0].label == context.entry
        goes = goes_on(question) and not repeated and not (meta and told)
    if part := part_of_last(question, context, mind):
        return part
    if goes and (meant := following(question, context, mind, settled=_settled(question, context, mind))):
        return meant
    return AskMeta(META_PATTERNS[meta]) if meta and told else None  # eligible only where it says nothing else


def _settled(question: Question, context: Context, mind: Mind) -> bool:
    """Whether a message by itself is surely answered by another entry than the last one."""
    top = question.ranking.candidates[0]
    other = top.label in mind.knowledge.entries and top.label != context.entry and top.score >= NEAR_ENOUGH
    return other and not outside_winner(question.ranking) and _sure_entry(top.label, question, mind)


def _about_table(question: Question, mind: Mind) -> bool:
    """Whether a message asks what the table tells: of a place, of the own region's part, or for the names of a year."""
    words = mind.vocabulary(*TABLE_PATTERNS)
    if question.slots.mine and not question.mentions:
        return question.only(words) and bool(_TAKEN_PART.search(question.said))
    named = question.mentions or (question.slots.years and wants_names(question))
    return bool(named) and question.share_of(words) >= NEARLY_ALL


def _nearest_pattern(question: Question) -> str:
    """The pattern that ranks first among patterns; the plainest one where none ranks at all.

    Without a place it is one that needs none, where such a pattern is close.
    """
    placed = bool(question.mentions or question.slots.mine)
    patterns = [c.label[1:] for c in question.ranking.candidates if c.label.startswith(PATTERN)]
    fitting = [pattern for pattern in patterns if placed or pattern not in NEEDS_PLACE]
    return next(iter(fitting or patterns), "anggota" if placed else "daftar")


def _beside_pattern(question: Question, mind: Mind) -> AnswerEntry | None:
    """The sure answer to a question that is nearest to a pattern which may not answer it: "2018 berapa yang diundang".

    It has more of the words than the pattern; no entry is about a kabupaten or kota.
    """
    top = question.ranking.candidates[0]
    if question.regions or not top.label.startswith(PATTERN):
        return None
    rest = replace(question, ranking=question.ranking.keep(lambda c: not c.label.startswith(PATTERN)))
    best = next(iter(rest.ranking.candidates), None)
    if best is None or best.label not in mind.knowledge.entries or best.covered <= top.covered:
        return None
    if best.score < BESIDE * top.score:
        return None
    return _answer(rest, mind) if _sure_entry(best.label, rest, mind) else None


def _best_pattern(question: Question) -> str:
    """The pattern that the message most likely follows, "" for none.

    Where a place is named, an entry that is not sure gives way to a pattern nearly as close: no entry is about a place.
    """
    top, *others = question.ranking.candidates
    if top.label.startswith(PATTERN):
        return top.label[1:]
    if question.mentions:
        most = top.covered - COVERED_LESS
        near = (
            c for c in others if c.label.startswith(PATTERN) and c.score >= NEARLY * top.score and c.covered >= most
        )
        return next((c.label[1:] for c in near), "")
    return ""


def _pattern(pattern: str, question: Question, context: Context, mind: Mind, own_region: str | None) -> Outcome | None:
    """What a matched pattern asks for, or None where it is too unsure."""
    slotted = bool(question.mentions or question.slots.years or question.slots.mine or question.slots.my_province)
    sure = question.ranking.confidence >= mind.cuts.answer and (
        slotted or question.ranking.candidates[0].score >= UNSLOTTED
    )
    vocabulary = mind.vocabulary(*TABLE_PATTERNS, *OWN_REGION, FOLLOW_UP)
    covered = next((c.covered for c in question.ranking.candidates if c.label == PATTERN + pattern), 0.0)
    mostly = question.share_of(vocabulary) >= MOSTLY
    fits = slotted and mostly and (question.regions or covered >= HALF)
    of_place = pattern in TABLE_PATTERNS or pattern in OWN_REGION
    if not (fits or sure) or (question.mentions and not mostly and of_place):
        return None
    if pattern in TABLE_PATTERNS:
        if question.regions and _asked_of_entry(covered, question, mind):
            return None
        polite = POLITE if REQUESTS & set(question.ranking.repaired) else frozenset()
        if not question.mentions and question.slots.years and not question.only(vocabulary | polite):
            return None  # "peserta 2019 ngapain aja": the year is not all that is asked
        kind = kind_of(pattern, question)
        if kind is None:
            return None
        if kind is QueryKind.SAME_YEAR and question.provinces and not question.regions:
            kind = QueryKind.LIST
        base = RegionQuery(kind, years=question.slots.years, type=question.slots.type)
        return fill(question, mind, own_region, base, context)
    if pattern in META_PATTERNS:
        return AskMeta(META_PATTERNS[pattern])
    if pattern == OWN_REGION[1] and question.regions and (question.slots.mine or _asks_part(question, mind)):
        return fill(question, mind, own_region, RegionQuery(QueryKind.MEMBERSHIP, years=question.slots.years))
    if pattern in OWN_REGION and question.regions:
        return _set_region(question, sure=pattern == OWN_REGION[0])
    if pattern == FOLLOW_UP and (question.regions or question.provinces):
        return _follow_up_place(question, None, mind, own_region)
    return None


def _asked_of_entry(covered: float, question: Question, mind: Mind) -> bool:
    """Whether an entry has more of the words than the pattern that is nearest: "asesor lamongan 2018 siapa"."""
    top = question.ranking.candidates[0]
    near = (c for c in question.ranking.candidates[:CHOICES] if c.score >= NEARLY_AS * top.score)
    return any(c.label in mind.knowledge.entries and c.covered > covered for c in near)


def _asks_part(question: Question, mind: Mind) -> bool:
    """ "kami dari sampang, angkatan berapa ya": whoever introduces themselves so asks for their own part."""
    words = set(question.ranking.repaired)
    asks = not words.isdisjoint(_PART) and not words.isdisjoint(["berapa", "kapan", "apakah", "sudah", "belum"])
    return asks and question.share_of(mind.vocabulary(*TABLE_PATTERNS, *OWN_REGION)) >= NEARLY_ALL


def _outside(label: str, score: float, mind: Mind) -> Outcome:
    groups = {OUTSIDE + g.id: g for g in mind.knowledge.off_topics}
    return Decline(groups[label], score=score)


def _sure_entry(label: str, question: Question, mind: Mind) -> bool:
    entry = mind.knowledge.entries[label]
    if entry.threshold is not None:
        return question.ranking.candidates[0].score >= entry.threshold
    # An honest "not known" misplaced does little harm, while the near entry beside it would mislead.
    top = question.ranking.candidates[0]
    harmless = entry.kind in {EntryKind.NO_DATA, EntryKind.SERVICE}
    ease = NO_DATA_EASE if harmless and top.covered >= HALF else 0.0
    known = question.belonging >= mind.cuts.decline and (top.covered >= HALF or not _guessed(question, mind))
    return known and question.ranking.confidence >= mind.cuts.answer - ease


def _answer(question: Question, mind: Mind) -> AnswerEntry:
    top, *others = question.ranking.candidates
    runners = tuple(c.label for c in others if _suggestable(c.label, mind))[:CHOICES]
    return AnswerEntry(top.label, top.score, question.slots.year, question.slots.number, runners)


def _suggestable(label: str, mind: Mind) -> bool:
    entry = mind.knowledge.entries.get(label)
    return entry is not None and entry.suggestable


def _courtesy(question: Question, mind: Mind) -> str:
    """The small talk that a message wholly consists of ("siang kak", "malam mas"); "" where it says anything else.

    Of two words, one may well be a form of address that no phrasing has, so that other labels come as near.
    """
    typed, repaired = set(question.ranking.words) - FILLERS, set(question.words)
    labels: list[str] = []
    for words in (typed, repaired) if len(typed) <= SHORT_TALK else (typed,):
        wholly = sorted(label for label, said in mind.small_talk.items() if words and words <= said)
        labels = labels or [label for label in wholly if words & _openers(label, mind)]
    ranked = [candidate.label for candidate in question.ranking.candidates]
    return min(labels, key=lambda label: ranked.index(label) if label in ranked else len(ranked), default="")


def _openers(label: str, mind: Mind) -> set[str]:
    """The words that make small talk of a message by themselves: those of its shortest phrasings."""
    said = ({*tokens(text, mind.terms)} - FILLERS - ASKING for text in mind.knowledge.entries[label].utterances)
    return set().union(*(words for words in said if len(words) <= VERY_SHORT))


def _guessed(question: Question, mind: Mind) -> bool:
    """Whether hardly a word is known as it was typed: choices made of guesses at the rest would lead nowhere."""
    words = question.ranking.words
    as_typed = sum(mind.matcher.speller.knows(word) for word in words)
    return not question.mentions and as_typed < KNOWN_ENOUGH * len(words)


def _unsure(question: Question, context: Context, mind: Mind, own_region: str | None) -> Outcome:
    options: list[Scored | AskTable] = []
    said = set(question.ranking.repaired)
    part = not TAKING_PART.isdisjoint(map(stem, said)) or "kapan" in said or {"tahun", "berapa"} <= said
    if question.regions and (question.slots.years or part):
        member = fill(question, mind, own_region, RegionQuery(QueryKind.MEMBERSHIP, years=question.slots.years))
        if not isinstance(member, AskTable) or (question.slots.years and _about_part(question, mind)):
            return member
        options.append(member)
    if not options and (question.belonging < mind.cuts.decline or _guessed(question, mind)):
        return Decline(score=question.ranking.candidates[0].score)
    for candidate in question.ranking.candidates:
        if candidate.label.startswith(PATTERN) and candidate.label[1:] in TABLE_PATTERNS:
            kind = kind_of(candidate.label[1:], question)
            if kind is None:
                continue
            base = RegionQuery(kind, years=question.slots.years, type=question.slots.type)
            filled = fill(question, mind, own_region, base, context)
            if isinstance(filled, AskTable) and filled not in options:
                options.append(filled)
            elif isinstance(filled, AskWhichRegion) and filled.candidates and not options:
                return filled  # "solok alah ikuik?": whatever is asked of it, first it must be clear which
        elif _suggestable(candidate.label, mind):
            options.append(Scored(candidate.label, candidate.score))
    if not options:
        return Decline(score=question.ranking.candidates[0].score)
    if isinstance(options[0], AskTable) and _list_or_number(question, mind):
        return options[0]
    return OfferEntries(tuple(options[:CHOICES]), question.slots.year, question.slots.number)


def _about_part(question: Question, mind: Mind) -> bool:
    """Whether nothing is denied, and it is asked of taking part, or next to nothing else said than the table tells."""
    if DENIED.search(question.said):
        return False
    named = not (TAKING_PART | _COHORT).isdisjoint(map(stem, question.ranking.repaired))
    return named or question.share_of(mind.vocabulary(*TABLE_PATTERNS, *OWN_REGION)) >= NEARLY_ALL


def _list_or_number(question: Question, mind: Mind) -> bool:
    """Whether only a list and its number are near, and hardly anything else is said."""
    near = {candidate.label for candidate in question.ranking.candidates[:2]}
    share = question.share_of(mind.vocabulary(*TABLE_PATTERNS, FOLLOW_UP))
    return near == {PATTERN + "daftar", PATTERN + "jumlah"} and share >= NEARLY_ALL
