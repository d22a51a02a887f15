"""From a whole message to what it asks: one question or several, with greetings and accounts around them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from bot.dialogue.decide import NEARLY_ALL, decide
from bot.dialogue.following import content_words
from bot.dialogue.interpret import OWN_REGION, Question
from bot.dialogue.mind import PATTERN, Mind
from bot.dialogue.model import (
    AnswerEntry,
    AskTable,
    AskWhichRegion,
    Context,
    Decline,
    OfferEntries,
    Outcome,
    QueryKind,
    RegionQuery,
    SetRegion,
    TellPlace,
)
from bot.dialogue.parts import ASKS, Parts, asks, read_parts, sides
from bot.dialogue.query import TABLE_PATTERNS, TAKING_PART, fill, wants_names
from bot.language.normalize import stem

MOST_QUESTIONS = 3  # answered in one message
FEW_WORDS = 8  # of somebody who only introduces themselves beside a greeting
_INTRODUCING = frozenset(["perkenalkan", "kenalkan", "kenalin", "nama", "namaku", "introduce"])

_POINTS = frozenset(["itu", "tersebut", "begitu", "demikian", "gitu", "benar", "betul", "that"])
"""Words that point at what was told before in the same message."""
_OURS = frozenset(["kami", "kita", "saya", "sini", "disini"])
_WHEN = frozenset(["kapan", "tahun", "angkatan", "tahap", "sudah", "belum", "pernah"])
_EARLY = 3  # words within which whoever introduces themselves says "dari"
STANDING = 2  # words of its own that a question behind another one has; "dan kapan" belongs to the one before
CLEAR = 0.3  # confidence from which one word that the answer is asked with is enough: "dan siapa asesornya"


def read_message(text: str, context: Context, mind: Mind, own_region: str | None) -> list[Outcome]:
    """What a message asks: one outcome, or up to three where several of its parts are surely questions of their own.

    Greetings and thanks around a question are left aside; where the whole is not understood, the part that is
    understood best stands for it.
    """
    parts = read_parts(text, mind)
    if len(parts.content) == 1 and parts.told:
        outcome = _asked_of_account(parts, context, mind, own_region)
        if outcome is not None:
            return [outcome]
    found = _found(parts, context, mind, own_region)
    answers: list[Outcome] = [outcome for outcome in found if not isinstance(outcome, Decline)]
    if len(answers) > 1:
        return answers[:MOST_QUESTIONS]
    if answers and any(part.mentions for part in parts.told):
        return answers  # a place told of before is not what is asked
    outcome = decide(parts.whole, context, mind, own_region)
    if greeting := _greeting(outcome, parts, context, mind, own_region):
        return [greeting]
    if _sure(outcome) or len(parts.content) + len(parts.told) <= 1:
        return [outcome]
    if found := answers or found or _told(parts, context, mind, own_region):
        return found[:1]
    if parts.told:
        return [_best_of_unsure(outcome, parts, context, mind, own_region)]
    clearest = max([parts.whole, *parts.content], key=lambda question: question.ranking.confidence)
    return [decide(clearest, context, mind, own_region)]


def _greeting(whole: Outcome, parts: Parts, context: Context, mind: Mind, own_region: str | None) -> Outcome | None:
    """The greeting beside a few words that ask nothing: "Selamat malam. Perkenalkan, saya Yuni dari Bappeda"."""
    if not isinstance(whole, Decline) or (whole.off_topic is not None and whole.off_topic.answer):
        return None
    said = [word for part in parts.content for word in part.words]
    introduced = not _INTRODUCING.isdisjoint(said)
    if not introduced or len(said) > FEW_WORDS or any(asks(part) for part in parts.content):
        return None
    found = (decide(part, context, mind, own_region) for part in parts.aside)
    return next((outcome for outcome in found if isinstance(outcome, AnswerEntry)), None)


def _best_of_unsure(whole: Outcome, parts: Parts, context: Context, mind: Mind, own_region: str | None) -> Outcome:
    """What is made of the whole; where that is nothing, or only who asks, what a part leads to that is no answer."""
    if not isinstance(whole, Decline | SetRegion):
        return whole
    asked = [decide(part, context, mind, own_region) for part in parts.content]
    others = [*asked, *(decide(part, context, mind, own_region) for part in parts.told)]
    choices = (outcome for outcome in others if not isinstance(outcome, AnswerEntry | Decline | SetRegion))
    return next(choices, next((outcome for outcome in asked if isinstance(outcome, Decline)), whole))


def _asked_of_account(parts: Parts, context: Context, mind: Mind, own_region: str | None) -> Outcome | None:
    """The answer to one question beside an account, None where it is not sure.

    The account says of what, or of whom, it is asked, unless the question names the place itself or needs none.
    """
    introduced = [_introduces(part) for part in parts.told]
    if any(part.mentions and not intro for part, intro in zip(parts.told, introduced, strict=True)):
        return None
    asked = parts.content[0]
    if own := _own_part(asked, parts, mind):
        return own
    outcome = decide(asked, context, mind, own_region)
    if asked.regions and isinstance(outcome, AskTable):
        return outcome
    if any(introduced) and _needs_no_place(asked, outcome):
        return outcome
    outcome = decide(parts.whole, context, mind, own_region)
    return outcome if _sure(outcome) else None


def _own_part(asked: Question, parts: Parts, mind: Mind) -> Outcome | None:
    """Since when whoever says where they are from takes part: "saya staf di Tuban. Kami masuk angkatan berapa?"."""
    stems = {stem(word) for word in asked.ranking.repaired}
    named = next((part for part in parts.told if part.regions), None)
    ours = not TAKING_PART.isdisjoint(stems) and not _OURS.isdisjoint(stems) and not _WHEN.isdisjoint(stems)
    table = mind.vocabulary(*TABLE_PATTERNS, *OWN_REGION)
    if named is None or asked.mentions or not ours or asked.share_of(table) < NEARLY_ALL:
        return None
    return fill(named, mind, None, RegionQuery(QueryKind.MEMBERSHIP, years=asked.slots.years))


def _found(parts: Parts, context: Context, mind: Mind, own_region: str | None) -> list[Outcome]:
    """What is surely asked in the parts of a message, each once and in their order."""
    found: dict[object, Outcome] = {}
    last = context
    alone = all(part.mentions for part in parts.told)
    for part in parts.content:
        for outcome in _outcomes(_with_years_of(parts.whole, part), last, mind, own_region):
            pointing = bool(parts.told) and not _POINTS.isdisjoint(part.ranking.words)
            if _sure(outcome) and not pointing and _stands(part, outcome, found.values(), mind, alone=alone):
                found.setdefault(_subject(outcome), outcome)
                last = replace(context, entry=outcome.entry) if isinstance(outcome, AnswerEntry) else last
    return list(found.values())


def _told(parts: Parts, context: Context, mind: Mind, own_region: str | None) -> list[Outcome]:
    """What the table tells of the places in an account."""
    told = [part for part in parts.told if not _introduces(part)]
    outcomes = (decide(_with_years_of(parts.whole, part), context, mind, own_region) for part in told)
    return [outcome for outcome in outcomes if _sure(outcome) and not isinstance(outcome, AnswerEntry | Decline)]


def _introduces(part: Question) -> bool:
    """ "saya dari Medan": a place that nothing is asked of."""
    candidates = part.ranking.candidates
    own = bool(candidates) and candidates[0].label.removeprefix(PATTERN) in OWN_REGION
    return bool(part.mentions) and (own or "dari" in part.ranking.words[:_EARLY])


def _needs_no_place(part: Question, outcome: Outcome) -> bool:
    if isinstance(outcome, OfferEntries):
        outcome = next((option for option in outcome.options if isinstance(option, AskTable)), outcome)
    if not isinstance(outcome, AskTable):
        whose = (TAKING_PART | _OURS).isdisjoint(part.ranking.repaired)
        return isinstance(outcome, AnswerEntry | OfferEntries) and whose
    return outcome.query.kind not in {QueryKind.MEMBERSHIP, QueryKind.LIST} or wants_names(part)


def _outcomes(
    part: Question, context: Context, mind: Mind, own_region: str | None, most: int = MOST_QUESTIONS
) -> list[Outcome]:
    return _divided(part, context, mind, own_region, most) or [decide(part, context, mind, own_region)]


def _divided(part: Question, context: Context, mind: Mind, own_region: str | None, most: int) -> list[Outcome]:
    """Two or more questions in a row without a sign between them; none where it is one, or not surely several.

    Each side must be answered with something else than the other. ``most`` bounds the work as well: every joint tried
    doubles it.
    """
    if most <= 1:
        return []
    for first, second in sides(part, mind):
        one = decide(first, context, mind, own_region)
        if not _sure(one) or not _stands(first, one, (), mind):
            continue
        after = replace(context, entry=one.entry) if isinstance(one, AnswerEntry) else context
        others = _outcomes(second, after, mind, own_region, most - 1)
        if all(_sure(o) and _stands(second, o, (one,), mind) and _subject(o) != _subject(one) for o in others):
            return [one, *others]
    return []


def _stands(part: Question, outcome: Outcome, before: Iterable[Outcome], mind: Mind, *, alone: bool = True) -> bool:
    """Whether an answer to a part is one to a question of its own.

    A part with next to no words of its own ("dan kapan") only is where its answer stays with what was asked before,
    and neither is one beside an account (not ``alone``).
    """
    if isinstance(outcome, AnswerEntry) and outcome.entry in mind.small_talk:
        return False
    if part.mentions or part.slots.years:
        return True
    told = list(before)
    table = mind.vocabulary(*TABLE_PATTERNS)
    if isinstance(outcome, AnswerEntry) and any(isinstance(o, AskTable) for o in told) and part.only(table):
        return False  # "kota bekasi itu bagaimana, kapan masuknya"
    own = [word for word in content_words(part) if word not in ASKS]
    clear = bool(own) and part.ranking.confidence >= CLEAR and part.ranking.candidates[0].covered == 1
    enough = len(own) >= STANDING or clear
    if not alone:
        return len(own) >= STANDING
    entries = mind.knowledge.entries
    near = {entries[o.entry].topic for o in told if isinstance(o, AnswerEntry)}
    if enough or not near:
        return bool(own)
    return isinstance(outcome, AnswerEntry) and entries[outcome.entry].topic in near


def _with_years_of(whole: Question, part: Question) -> Question:
    """A part without a year of its own takes the one that the rest of the message names."""
    if part.slots.years or len(whole.slots.years) != 1:
        return part
    return replace(part, slots=replace(part.slots, years=whole.slots.years))


def _sure(outcome: Outcome) -> bool:
    """Tells whether a part of a message can stand as a question of its own."""
    match outcome:
        case AnswerEntry() | AskTable() | TellPlace():
            return True
        case AskWhichRegion(candidates=candidates):
            return bool(candidates)
        case Decline(off_topic=group):
            return group is not None
        case _:
            return False


def _subject(outcome: Outcome) -> object:
    match outcome:
        case AnswerEntry(entry=entry):
            return entry
        case AskTable(query=query):
            return query
        case _:
            return type(outcome)
