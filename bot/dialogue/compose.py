"""From an outcome to a reply."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import assert_never

from bot.dialogue.mind import Mind
from bot.dialogue.model import (
    ENTRY,
    NONE,
    TABLE,
    AnswerEntry,
    AskAboutYear,
    AskMeta,
    AskTable,
    AskWhichRegion,
    Decline,
    OfferEntries,
    Outcome,
    QueryKind,
    RegionQuery,
    Scored,
    SetRegion,
    TellPlace,
    choices,
)
from bot.dialogue.table import query_title, table_reply
from bot.dialogue.wording import cite, name_source, short_date
from bot.model import Choice, Decision, Entry, EntryKind, Reply

MOST_YEARS = 8  # in one question; more would not fit a button
UNSOURCED = frozenset({EntryKind.SMALL_TALK, EntryKind.SERVICE})  # what the bot says of itself


@dataclass(frozen=True, slots=True)
class Setting:
    """What a reply depends on besides the knowledge."""

    today: date
    group: bool = False
    staffed: bool = False  # a staff chat is configured, so a human can be offered
    in_charge: bool = False  # whoever asks may set the region of the group


def compose(outcome: Outcome, mind: Mind, setting: Setting) -> Reply:
    """Puts an outcome into words. ``AskMeta`` and ``SetRegion`` are resolved by the assistant before."""
    match outcome:
        case AskTable(query=query):
            return table_reply(query, mind)
        case AnswerEntry():
            return _entry(outcome, mind, setting)
        case OfferEntries():
            return _offer(outcome, mind)
        case AskWhichRegion():
            return _which_region(outcome, mind, setting)
        case AskAboutYear(years=years):
            return _about_year(years, mind)
        case TellPlace(place=place):
            return Reply(Decision.ANSWER, place.answer, score=1.0)
        case Decline():
            return _decline(outcome, mind, setting)
        case AskMeta() | SetRegion():
            raise ValueError(f"{type(outcome).__name__} is resolved before composing")
    assert_never(outcome)


def offer_of_help(mind: Mind, setting: Setting) -> str:
    """What a person can do when there is no answer: ask staff where there are any, browse otherwise."""
    return mind.says("tawaran_petugas" if setting.staffed else "tawaran_topik")


def entry_id(entry: str, year: int = 0, number: int = 0) -> str:
    """The choice that opens an entry, with the variant asked for."""
    return f"{ENTRY}:{entry}" + (f":{year or ''}:{number or ''}" if year or number else "")


def source_footer(entry: Entry, sources: tuple[str, ...], mind: Mind) -> str:
    """The line under an answer: its first source and the day of its last check."""
    if entry.kind in UNSOURCED:
        return ""
    day = short_date(entry.checked)
    known = [mind.knowledge.sources[i] for i in sources if i in mind.knowledge.sources]
    if not known:
        return mind.says("diperiksa", tanggal=day)
    return mind.says("sumber", sumber=name_source(known[0]), tanggal=day)


def _entry(outcome: AnswerEntry, mind: Mind, setting: Setting) -> Reply:
    entry = mind.knowledge.entries[outcome.entry]
    if entry.valid_until is not None and setting.today > entry.valid_until:
        text = mind.says("sedang_diperbarui", judul=entry.title, tawaran=offer_of_help(mind, setting))
        return Reply(Decision.DECLINE, text, entries=(entry.id,), score=min(1.0, outcome.score))
    text, sources = _variant_text(entry, outcome, mind)
    decision = Decision.ANSWER
    if entry.kind is EntryKind.NO_DATA:
        decision = Decision.DECLINE
        if setting.staffed:
            text = f"{text.rstrip()}\n\n{mind.says('tawaran_petugas')}"
    related = [mind.knowledge.entries[i] for i in entry.related if i in mind.knowledge.entries]
    return Reply(
        decision,
        text.rstrip(),
        actions=choices((entry_id(e.id), e.title) for e in related),
        entries=(entry.id,),
        score=min(1.0, outcome.score),
        short=entry.short if text.rstrip() == entry.answer.rstrip() else "",
        quote=entry.quote,
        footer=source_footer(entry, sources, mind),
        reference="" if entry.kind in UNSOURCED else cite(sources, entry.checked, mind),
    )


def _variant_text(entry: Entry, outcome: AnswerEntry, mind: Mind) -> tuple[str, tuple[str, ...]]:
    """The answer for the year or number asked; where there is none of its own, that is said before the overview."""
    for variant in entry.variants:
        if (outcome.number and variant.number == outcome.number) or (outcome.year and variant.year == outcome.year):
            return variant.answer, variant.sources or entry.sources
    by_year = outcome.year and any(v.year for v in entry.variants)
    if by_year and str(outcome.year) not in entry.answer:
        return f"{mind.says('varian_tidak_ada', pilihan=outcome.year)}\n{entry.answer}", entry.sources
    return entry.answer, entry.sources


def _offer(outcome: OfferEntries, mind: Mind) -> Reply:
    pairs = []
    for option in outcome.options:
        if isinstance(option, Scored):
            pairs.append(
                (entry_id(option.entry, outcome.year, outcome.number), mind.knowledge.entries[option.entry].title)
            )
        else:
            pairs.append((f"{TABLE}:{option.query.encode()}", query_title(option.query, mind)))
    sure = len(outcome.options) > 1
    return Reply(
        Decision.CLARIFY,
        mind.says("pilih_maksud" if sure else "pilih_maksud_ragu"),
        choices=(*choices(pairs), Choice(NONE, mind.says("bukan_semua"))),
        entries=tuple(o.entry for o in outcome.options if isinstance(o, Scored)),
        score=min(1.0, next((o.score for o in outcome.options if isinstance(o, Scored)), 0.0)),
    )


def _which_region(outcome: AskWhichRegion, mind: Mind, setting: Setting) -> Reply:
    if not outcome.candidates:
        whose = "daerah_grup_apa" if setting.group else "daerah_saya_apa"
        return Reply(Decision.CLARIFY, mind.says(whose if outcome.query.mine else "daerah_apa"))
    key = "bukan_daerah_pilih" if outcome.place else "daerah_yang_mana"
    regions = mind.knowledge.regions
    pairs = []
    for code in outcome.candidates:
        query = replace(outcome.query, regions=(*outcome.query.regions, code))
        province = regions[regions[code].province].name
        twins = sum(regions[c].full_name == regions[code].full_name for c in outcome.candidates) > 1
        label = regions[code].full_name + (f" ({province})" if twins or _provinces_differ(outcome, mind) else "")
        pairs.append((f"{TABLE}:{query.encode()}", label))
    return Reply(Decision.CLARIFY, mind.says(key, nama=outcome.name.title()), choices=choices(pairs), score=1.0)


def _provinces_differ(outcome: AskWhichRegion, mind: Mind) -> bool:
    return len({mind.knowledge.regions[c].province for c in outcome.candidates}) > 1


def _about_year(years: tuple[int, ...], mind: Mind) -> Reply:
    years = years[:MOST_YEARS]
    said = ", ".join(map(str, years))
    pairs = [
        (f"{TABLE}:{RegionQuery(QueryKind.LIST, years=years).encode()}", mind.says("tombol_daftar_tahun", tahun=said)),
        (f"{TABLE}:{RegionQuery(QueryKind.COUNT, years=years).encode()}", mind.says("tombol_jumlah_tahun", tahun=said)),
    ]
    none = Choice(NONE, mind.says("bukan_semua"))
    return Reply(Decision.CLARIFY, mind.says("tahun_apa", tahun=said), choices=(*choices(pairs), none))


def _decline(outcome: Decline, mind: Mind, setting: Setting) -> Reply:
    if outcome.nonsense:
        return Reply(Decision.DECLINE, mind.says("tidak_paham"))
    if outcome.off_topic is not None:
        text = mind.says("luar_topik", penunjuk=outcome.off_topic.answer).strip()
        return Reply(Decision.DECLINE, text, score=min(1.0, outcome.score))
    text = mind.says("tidak_tahu", tawaran=offer_of_help(mind, setting))
    return Reply(Decision.DECLINE, text, score=max(0.0, min(1.0, outcome.score)))
