"""One turn: what a message or a pressed choice leads to, and what the next turn must know."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.dialogue.compose import Setting, compose, entry_id, offer_of_help
from bot.dialogue.message import read_message
from bot.dialogue.mind import Mind
from bot.dialogue.model import (
    NONE,
    REGION,
    STAFF,
    TABLE,
    TOPIC,
    AnswerEntry,
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
    about,
    choices,
)
from bot.dialogue.pick import picked
from bot.dialogue.table import filter_words, list_rows
from bot.dialogue.wording import name_source
from bot.language.normalize import fold
from bot.model import Choice, Decision, EntryKind, RegionType, Reply

NUMBER_LATER = "{nomor}"  # stands in a reply until the store has numbered the report
_CANCEL = re.compile(r"\W*(?:batal(?:kan)?|(?:tidak|gak|ga|nggak) jadi|cancel)\W*")
_REPORTED_YEAR = re.compile(r"\b20[12]\d\b")
_PROOF = re.compile(r"https?://\S+|\bwww\.\S+|\b[\w.-]+\.(?:go\.id|com|id|net|org)/\S*|\b[\w.-]+/[\w./-]*\d[\w./-]*")
"""An address, or the number of a letter such as B-349/DJAI/AI.01.02/06/2022."""
FEW_WORDS = 3  # a longer message without proof is a question of its own
LONGEST = 1500  # characters of a message that is still read as questions


@dataclass(frozen=True, slots=True)
class Turn:
    """The reply and what it changes."""

    reply: Reply
    context: Context
    kind: str  # for the log: faq, region, smalltalk, declined, choice
    remember: str | None = None  # code to store as the person's or the group's region; "" forgets it
    reported: str = ""  # data that the person reported, for staff
    sheet: RegionQuery | None = None  # a list to send as a file
    picked: bool = False  # the message was a choice, not a question in words
    rejected: str = ""  # id of the question none of whose choices, or whose answer, was not meant
    follows: bool = False  # it is about the last answer, and no question of its own

    @property
    def asks(self) -> bool:
        """Whether "bukan itu" would speak of this turn, and not of the one before."""
        return self.kind in {"faq", "region", "declined"} and not self.follows and not self.rejected


def take_turn(text: str, context: Context, mind: Mind, setting: Setting, own_region: str | None) -> Turn:
    """Answers a typed message. ``own_region`` is the code "daerah saya" stands for, None where unknown."""
    text = text.strip()
    if len(text) > LONGEST:
        return _settle(Reply(Decision.DECLINE, mind.says("terlalu_panjang")), context, "declined")
    context = current(context, mind)
    own_region = own_region if own_region in mind.knowledge.regions else None
    chosen = picked(text, context, mind)
    if chosen is not None:
        return take_choice(chosen, context, mind, setting)
    if context.report:
        told = _report(text, context, mind)
        if told is not None:
            return told
        context = replace(context, report="")
    outcomes = read_message(text, context, mind, own_region)
    if len(outcomes) == 1:
        return _turn(outcomes[0], context, mind, setting)
    return _several(outcomes, context, mind, setting)


def take_choice(choice: str, context: Context, mind: Mind, setting: Setting) -> Turn:
    """Answers a pressed button or a chosen digit; ids that mean nothing (any more) get a friendly reply."""
    return replace(_choice(choice, context, mind, setting), picked=True)


def _choice(choice: str, context: Context, mind: Mind, setting: Setting) -> Turn:
    context = current(context, mind)
    kind, _, rest = choice.partition(":")
    match kind:
        case "e" if rest.split(":")[0] in mind.knowledge.entries:
            entry, year, number = [*rest.split(":"), "", ""][:3]
            outcome = AnswerEntry(entry, 1.0, _whole(year), _whole(number), context.runners_up)
            return _turn(outcome, context, mind, setting)
        case "w":
            return _chosen_query(rest, context, mind, setting)
        case "t" if not rest or any(t.id == rest for t in mind.knowledge.topics):
            return _settle(topics(rest, mind), context, "choice")
        case "d" if rest in mind.knowledge.regions and mind.knowledge.regions[rest].type is not RegionType.PROVINCE:
            return _turn(SetRegion((rest,), sure=True), context, mind, setting)
        case "D" if setting.group and not setting.in_charge:
            return _settle(Reply(Decision.DECLINE, mind.says("atur_bukan_pengurus"), notice=True), context, "choice")
        case "D":
            return Turn(Reply(Decision.ANSWER, mind.says("daerah_dihapus")), Context(), "choice", remember="")
        case "z" if not rest:
            return Turn(Reply(Decision.ANSWER, mind.says("hapus_batal")), replace(context, choices=()), "choice")
        case "r" if rest in mind.knowledge.regions:
            name = mind.knowledge.regions[rest].full_name
            text = mind.says("lapor_grup_minta" if setting.group else "lapor_minta", daerah=name)
            return _settle(Reply(Decision.CLARIFY, text), replace(context, report=rest), "report")
        case "f":
            return _file(rest, context, mind)
        case "x":
            text = mind.says("bukan_semua_balasan", tawaran=offer_of_help(mind, setting))
            reply = _with_staff(Reply(Decision.DECLINE, text), mind, setting, question=rest)
            return replace(_settle(reply, replace(context, runners_up=()), "declined"), rejected=rest)
    return _stale(context, mind)


def _stale(context: Context, mind: Mind) -> Turn:
    """A choice that means nothing (any more)."""
    return _settle(Reply(Decision.DECLINE, mind.says("tombol_kedaluwarsa"), notice=True), context, "choice")


def topics(topic: str, mind: Mind) -> Reply:
    """The shelves of the FAQ, or the entries on one of them."""
    titles = {t.id: t.title for t in mind.knowledge.topics}
    if not topic:
        pairs = [(f"{TOPIC}:{ident}", title) for ident, title in titles.items()]
        return Reply(Decision.CLARIFY, mind.says("topik_pilih"), choices=choices(pairs))
    entries = [e for e in mind.knowledge.entries.values() if e.topic == topic]
    pairs = [(entry_id(e.id), e.title) for e in entries if e.kind is not EntryKind.SMALL_TALK]
    back = Choice(TOPIC, mind.says("topik_kembali"))
    return Reply(Decision.CLARIFY, mind.says("topik_isi", judul=titles[topic]), choices=(*choices(pairs), back))


def _whole(text: str) -> int:
    return int(text) if text.isdecimal() else 0


def _query(encoded: str, mind: Mind, *, waiting: bool = False) -> RegionQuery | None:
    """The query of a button, None where it is forged or names regions that are no more.

    ``waiting`` allows a query whose region is still to be named.
    """
    try:
        query = RegionQuery.decode(encoded)
    except ValueError:
        return None
    known = all(code in mind.knowledge.regions for code in (*query.regions, *query.provinces))
    needs_region = query.kind in {QueryKind.MEMBERSHIP, QueryKind.SAME_YEAR} and not query.regions
    return query if known and (waiting or not needs_region) else None


def _file(encoded: str, context: Context, mind: Mind) -> Turn:
    query = _query(encoded, mind)
    rows = list_rows(query, mind) if query else []
    if query is None or query.kind is not QueryKind.LIST or not rows:
        return _stale(context, mind)
    text = mind.says("berkas_siap", saringan=filter_words(query, mind), jumlah=len(rows))
    return Turn(Reply(Decision.ANSWER, text, score=1.0), context, "choice", sheet=query)


def cancels(text: str) -> bool:
    """Tells whether somebody has thought better of what they were about to write."""
    return _CANCEL.fullmatch(fold(text)) is not None


def _report(text: str, context: Context, mind: Mind) -> Turn | None:
    """The evidence for a row that the table lacks; None where the message is a question of its own."""
    if cancels(text):
        return _settle(Reply(Decision.ANSWER, mind.says("lapor_batal")), replace(context, report=""), "report")
    year, proof = _REPORTED_YEAR.search(text), _PROOF.search(text)
    if year and proof:
        name = mind.knowledge.regions[context.report].full_name
        said = mind.says("lapor_terima", daerah=name, nomor=NUMBER_LATER)
        reported = mind.says("lapor_isi", daerah=name, isi=text)
        after = replace(context, report="", choices=())
        return Turn(Reply(Decision.ANSWER, said, score=1.0), after, "report", reported=reported)
    if proof or (year and len(text.split()) <= FEW_WORDS):
        return _settle(Reply(Decision.CLARIFY, mind.says("lapor_kurang")), context, "report")
    return None


def _chosen_query(encoded: str, context: Context, mind: Mind, setting: Setting) -> Turn:
    query = _query(encoded, mind)
    if query is None:
        return _stale(context, mind)
    if query.mine and query.regions:
        waiting = replace(query, mine=False, regions=())
        return _turn(SetRegion((query.regions[-1],), True, waiting), context, mind, setting)
    return _turn(AskTable(query), context, mind, setting)


# --- several questions in one message -------------------------------------------------------------------------------


def _several(outcomes: Sequence[Outcome], context: Context, mind: Mind, setting: Setting) -> Turn:
    """Every question answered in order, under its number."""
    turns = []
    for outcome in outcomes:
        turns.append(_turn(outcome, context, mind, setting))
        context = turns[-1].context
    blocks = [f"{n}. {_block(t.reply)}" for n, t in enumerate(turns, 1)]
    last = turns[-1]
    reply = replace(
        last.reply,
        decision=Decision.ANSWER if any(t.reply.decision is Decision.ANSWER for t in turns) else last.reply.decision,
        text="\n\n".join(blocks),
        entries=tuple(e for t in turns for e in t.reply.entries),
        choices=next((t.reply.choices for t in turns if t.reply.choices), ()),
        score=min(t.reply.score for t in turns),
        footer="",
        reference="",
        short="",
        quote="",
        list_id="",
    )
    remember = next((t.remember for t in turns if t.remember is not None), None)
    rejected = next((t.rejected for t in turns if t.rejected), "")
    return replace(_settle(reply, last.context, last.kind), remember=remember, rejected=rejected)


def _block(reply: Reply) -> str:
    return f"{reply.text}\n{reply.footer}".strip()


# --- outcomes that change what is remembered ------------------------------------------------------------------------


def current(context: Context, mind: Mind) -> Context:
    """The context without what the knowledge no longer knows: a removed region, a query of an older version."""
    regions, entries = mind.knowledge.regions, mind.knowledge.entries
    kept = []
    for ident, label in context.choices:
        kind, _, rest = ident.partition(":")
        if kind != TABLE or _query(rest, mind) is not None:
            kept.append((ident, label))
    return replace(
        context,
        query=context.query if context.query and _query(context.query, mind) else "",
        pending=context.pending if context.pending and _query(context.pending, mind, waiting=True) else "",
        entry=context.entry if context.entry in entries else "",
        runners_up=tuple(i for i in context.runners_up if i in entries),
        region=context.region if context.region in regions else "",
        report=context.report if context.report in regions else "",
        choices=tuple(kept),
    )


def _turn(outcome: Outcome, context: Context, mind: Mind, setting: Setting) -> Turn:
    match outcome:
        case AskMeta(meta=meta):
            return replace(_meta(meta, context, mind, setting), follows=True)
        case SetRegion():
            return _set_region(outcome, context, mind, setting)
    reply = compose(outcome, mind, setting)
    match outcome:
        case AskTable(query=query):
            after = Context(query=query.encode(), region=context.region, question=context.question)
            return _settle(reply, after, "region")
        case AnswerEntry() if mind.knowledge.entries[outcome.entry].kind in {EntryKind.SMALL_TALK, EntryKind.SERVICE}:
            return _settle(reply, context, "smalltalk")
        case AnswerEntry():
            after = Context(
                entry=outcome.entry,
                year=outcome.year,
                number=outcome.number,
                runners_up=outcome.runners_up,
                region=context.region,
                question=context.question,
            )
            kind = "declined" if reply.decision is Decision.DECLINE else "faq"
            return _settle(_with_staff(reply, mind, setting), after, kind)
        case AskWhichRegion(query=query, candidates=candidates):
            waiting = "" if candidates else query.encode()
            return _settle(reply, replace(context, pending=waiting), "region")
        case OfferEntries(options=options):
            offered = tuple(o.entry for o in options if isinstance(o, Scored))
            return _settle(reply, replace(context, runners_up=offered), "faq")
        case Decline():
            return _settle(_with_staff(reply, mind, setting), context, "declined")
        case _:
            return _settle(reply, context, "region")


def _settle(reply: Reply, context: Context, kind: str) -> Turn:
    """The context keeps what was offered, so that a digit or a word can choose it."""
    offered = tuple((c.id, c.label) for c in (*reply.choices, *reply.actions))
    pending = context.pending if reply.decision is Decision.CLARIFY and not reply.choices else ""
    return Turn(reply, replace(context, choices=offered, pending=pending), kind)


def _with_staff(reply: Reply, mind: Mind, setting: Setting, question: str = "") -> Reply:
    """Adds "Tanya petugas" to a reply that declines, where there are staff to ask.

    ``question`` is the id of an earlier question to hand over; by default it is the one being answered.
    """
    if not setting.staffed or reply.decision is not Decision.DECLINE:
        return reply
    return replace(
        reply,
        actions=(*reply.actions, Choice(f"{STAFF}:{question}" if question else STAFF, mind.says("tombol_petugas"))),
    )


def _set_region(outcome: SetRegion, context: Context, mind: Mind, setting: Setting) -> Turn:
    code = outcome.codes[0]
    name = mind.knowledge.regions[code].full_name
    in_passing = setting.group and not setting.in_charge  # the region of a group is not a member's to change
    if not outcome.sure and not in_passing:
        offer = Choice(f"{REGION}:{code}", mind.says("daerah_tawaran_ya", daerah=name))
        reply = Reply(Decision.CLARIFY, mind.says("daerah_tawaran", daerah=name), choices=(offer,))
        return _settle(reply, replace(context, region=code), "region")
    key = "daerah_grup_percakapan" if in_passing else "daerah_grup_disimpan" if setting.group else "daerah_disimpan"
    saved = mind.says(key, daerah=name)
    query = outcome.then or RegionQuery(QueryKind.MEMBERSHIP)
    if query.kind in {QueryKind.LIST, QueryKind.COUNT}:
        filled = replace(query, provinces=(mind.knowledge.regions[code].province,), mine=False)
    else:
        filled = replace(query, regions=(*query.regions, code), mine=False)
    turn = _turn(AskTable(filled), context, mind, setting)
    reply = replace(turn.reply, text=f"{saved}\n\n{turn.reply.text}", list_id="")
    if in_passing:
        return Turn(reply, replace(turn.context, region=code), "region")
    return Turn(reply, replace(turn.context, region=""), "region", remember=code)


def _meta(meta: Meta, context: Context, mind: Mind, setting: Setting) -> Turn:
    match meta:
        case Meta.SOURCE:
            return _settle(_sources(context, mind, setting), context, "faq")
        case Meta.DETAIL if context.entry in mind.knowledge.entries:
            return _turn(AnswerEntry(context.entry, 1.0, context.year, context.number), context, mind, setting)
        case Meta.DETAIL if context.query:
            return _turn(AskTable(RegionQuery.decode(context.query)), context, mind, setting)
        case Meta.TALLY if context.query:
            query = RegionQuery.decode(context.query)
            if query.kind is QueryKind.LIST:
                return _turn(AskTable(replace(query, kind=QueryKind.COUNT)), context, mind, setting)
        case Meta.NAMES if context.query:
            query = RegionQuery.decode(context.query)
            if query.kind is QueryKind.COUNT:
                return _turn(AskTable(replace(query, kind=QueryKind.LIST)), context, mind, setting)
        case Meta.NOT_THAT if context.entry or context.query or context.question:
            return replace(_not_that(context, mind, setting), picked=True)
    return _settle(Reply(Decision.CLARIFY, mind.says("tanpa_jawaban_sebelumnya")), context, "faq")


def _not_that(context: Context, mind: Mind, setting: Setting) -> Turn:
    """What else it could have been; what stood there before was not meant, whether it was told or offered."""
    none = next((ident for ident, _ in context.choices if ident.partition(":")[0] == NONE), "")
    if none:
        return _choice(none, context, mind, setting)
    question = str(context.question or "")
    known = tuple(i for i in context.runners_up if i in mind.knowledge.entries and i != context.entry)
    if known:
        offer = compose(OfferEntries(tuple(Scored(i, 0.0) for i in known)), mind, setting)
        offered = tuple(replace(c, id=about(c.id, context.question) if question else c.id) for c in offer.choices)
        reply = replace(offer, text=mind.says("bukan_itu"), choices=offered)
        return replace(_settle(reply, replace(context, runners_up=known), "faq"), rejected=question)
    text = mind.says("bukan_itu_habis", tawaran=offer_of_help(mind, setting))
    reply = _with_staff(Reply(Decision.DECLINE, text), mind, setting, question)
    return replace(_settle(reply, context, "declined"), rejected=question)


def _sources(context: Context, mind: Mind, setting: Setting) -> Reply:
    """All sources of the last answer, with their addresses."""
    entry = mind.knowledge.entries.get(context.entry)
    if entry is not None:
        chosen = [v for v in entry.variants if (v.year or 0, v.number or 0) == (context.year, context.number)]
        ids = (chosen[0].sources if chosen else ()) or entry.sources
    elif context.query:
        query = RegionQuery.decode(context.query)
        members = [m for code in query.regions for m in mind.table.memberships(code)]
        if not members:
            footer = compose(AskTable(query), mind, setting).footer
            return Reply(Decision.ANSWER, footer or mind.says("sumber_tidak_ada"), score=1.0)
        ids = tuple(dict.fromkeys(s for m in members for s in m.sources))
    else:
        return Reply(Decision.CLARIFY, mind.says("tanpa_jawaban_sebelumnya"))
    known = [mind.knowledge.sources[i] for i in ids if i in mind.knowledge.sources]
    if not known:
        return Reply(Decision.ANSWER, mind.says("sumber_tidak_ada"), score=1.0)
    lines = [f"- {name_source(s)}" + (f": {s.url}" if s.url else "") for s in known]
    return Reply(Decision.ANSWER, "\n".join([mind.says("sumber_lengkap"), *lines]), score=1.0)
