"""A whole message: greetings around a question, long preambles, several questions at once."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import zip_longest

from bot.dialogue.decide import TAKING_PART, decide, wants_names
from bot.dialogue.following import content_words
from bot.dialogue.interpret import OWN_REGION, Question, interpret
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
    TellPlace,
)
from bot.language.normalize import FILLERS

MOST_QUESTIONS = 3  # answered in one message

_JOINTS = "trs|terus|lalu|dan juga|dan|and"
_ASKING = (
    "siapa|apa|apakah|kapan|kpn|berapa|brp|di mana|dimana|dmn|bagaimana|gmn|gimana|mengapa|kenapa|tanggal"
    "|what|when|who|how|where"
)
_NOT_SHORT = "".join(
    rf"(?<!\b{word})"
    for word in ("kab", "prov", "no", "th", "thn", "yth", "bpk", "dr", "tgl", "dll", "dsb", "ass", "wr")
)
_BREAK = re.compile(
    rf"[?!\n;]+|(?<=[a-z]){_NOT_SHORT}\.(?=\s|$)|(?<=\b20\d\d)\.(?=\s)"
    rf"|,\s*(?=(?:terus|trs|lalu|maksud|yang saya|kami|mau|ingin|izin|mohon|{_ASKING})\b)"
    rf"|\s(?=(?:{_JOINTS})\s+(?:{_ASKING})\b)",
    re.IGNORECASE,
)
_MAYBE = re.compile(
    r",?\s+(?:dan|and|n|sama(?!\s+(?:dengan|dgn|kayak|kyk|seperti|spt|aja|saja))|sm|serta|plus|trus|terus|trs|lalu|kalau"
    r"|kalo|klo)\s+",
    re.IGNORECASE,
)
"""Where a second question may begin without any sign of it; most often it does not."""
MOST_JOINTS = 4  # of these that are looked at in one part
MOST_PARTS = 12  # of a message that are read; each costs some milliseconds
_QUESTION_WORDS = "apa apakah siapa berapa kapan bagaimana mengapa mana what when who how where which"
QUESTION_WORDS = frozenset(_QUESTION_WORDS.split())
MODALS = frozenset(["bisa", "boleh", "harus", "harusnya", "wajib", "mesti", "perlu", "can", "must"])
"""Standard words of which each of two questions in a row has one. A modal begins the second one: a noun before it may
belong to the first ("apakah kabupaten dan kota boleh ikut")."""
ASKS = QUESTION_WORDS | MODALS.union(["cara", "caranya", "jelaskan", "dijelaskan", "penjelasan", "sebutkan"])
"""Standard words of which a part has one that asks, and is no account of something."""
_COMPARES = frozenset(
    ["beda", "bedanya", "perbedaan", "perbedaannya", "antara", "dibanding", "hubungan", "hubungannya", "difference"]
)
_POINTS = frozenset(["itu", "tersebut", "begitu", "demikian", "gitu", "benar", "betul", "that"])
"""Words that point at what was told before in the same message."""
_OURS = frozenset(["kami", "kita", "saya", "sini", "disini"])
_EARLY = 3  # words within which whoever introduces themselves says "dari"
STANDING = 2  # words of its own that a question behind another one has; "dan kapan" belongs to the one before
CLEAR = 0.3  # confidence from which one word that the answer is asked with is enough: "dan siapa asesornya"
_NO_QUESTION = frozenset(["langkah", "naskah", "berkah", "nafkah"])  # end like "apakah"

_COURTESIES = """
    sebelumnya mengganggu ganggu waktu waktunya yang terhormat yth dengan hormat saya kami boleh mau ingin hendak
    numpang menanyakan sedikit atas perhatian perhatiannya bantuan bantuannya kerja sama kerjasama kerjasamanya
    terima kasih diucapkan untuk ini ijin
"""
COURTESIES = FILLERS.union(_COURTESIES.split())
"""Words of a part that only leads to a question, or thanks for the answer: "mohon izin mengganggu waktunya"."""

_SIGNS = (("🙏🤲", "terima kasih"), ("👍👌🫡✅🤝💪👏😀😁😃😄😊🙂☺🤩❤", "oke"))


def split(text: str) -> tuple[str, ...]:
    """Parts of a message that could be questions of their own, a question mark after those that end with one.

    >>> split("syaratnya apa aja min, trs program ini dr taun brp sih?")
    ('syaratnya apa aja min', 'trs program ini dr taun brp sih?')
    """
    parts, at = [], 0
    for end in [*_BREAK.finditer(text), None]:
        part = text[at : end.start() if end else len(text)].strip(" ,.-")
        if any(char.isalnum() for char in part):
            parts.append(part + "?" * (end is not None and "?" in end[0]))
        at = end.end() if end else at
    return tuple(parts)


@dataclass(frozen=True, slots=True)
class Parts:
    """A message taken apart."""

    whole: Question  # without greetings and thanks, where it says something else as well
    content: tuple[Question, ...]  # what may be a question of its own
    told: tuple[Question, ...]  # what only tells something, beside a question
    aside: tuple[Question, ...]  # greetings and thanks


def read_parts(text: str, mind: Mind) -> Parts:
    """Reads a message part by part and as a whole."""
    text = _in_words(text)
    parts = [interpret(part, mind) for part in split(text)[:MOST_PARTS]]
    content = [part for part in parts if not _small_talk(part, mind) and not _is_courtesy(part)]
    aside = tuple(part for part in parts if part not in content)
    said = ". ".join(part.text for part in content) if content and aside else text
    asking = [part for part in content if _asks(part)] or content
    told = tuple(part for part in content if part not in asking)
    return Parts(interpret(said, mind), tuple(asking), told, aside)


def _asks(part: Question) -> bool:
    return part.text.endswith("?") or _has(ASKS, part) or part.ranking.words[-1:] == ("kan",)


def _has(words: frozenset[str], part: Question) -> bool:
    said = part.ranking.words
    pairs = zip_longest(said, said[1:])
    return any((word in words and after != "pun") or _asks_by_suffix(word) for word, after in pairs)


def _asks_by_suffix(word: str) -> bool:
    return word.endswith("kah") and word not in _NO_QUESTION


def _in_words(text: str) -> str:
    """The words that a message without any stands for: "👍" is "oke"; other messages stay as they are."""
    if any(char.isalnum() for char in text):
        return text
    return next((words for signs, words in _SIGNS if any(sign in text for sign in signs)), text)


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
    if _sure(outcome) or len(parts.content) + len(parts.told) <= 1:
        return [outcome]
    if found := answers or found or _told(parts, context, mind, own_region):
        return found[:1]
    if parts.told:
        return [_best_of_unsure(outcome, parts, context, mind, own_region)]
    clearest = max([parts.whole, *parts.content], key=lambda question: question.ranking.confidence)
    return [decide(clearest, context, mind, own_region)]


def _best_of_unsure(whole: Outcome, parts: Parts, context: Context, mind: Mind, own_region: str | None) -> Outcome:
    """What is made of the whole; where that is nothing, what a part leads to that is no answer by itself."""
    if not isinstance(whole, Decline):
        return whole
    others = (decide(part, context, mind, own_region) for part in (*parts.content, *parts.told))
    return next((outcome for outcome in others if not isinstance(outcome, AnswerEntry | Decline)), whole)


def _asked_of_account(parts: Parts, context: Context, mind: Mind, own_region: str | None) -> Outcome | None:
    """The answer to one question beside an account, None where it is not sure.

    The account says of what, or of whom, it is asked, unless the question names the place itself or needs none.
    """
    introduced = [_introduces(part) for part in parts.told]
    if any(part.mentions and not intro for part, intro in zip(parts.told, introduced, strict=True)):
        return None
    asked = parts.content[0]
    outcome = decide(asked, context, mind, own_region)
    if asked.regions and isinstance(outcome, AskTable):
        return outcome
    if any(introduced) and _needs_no_place(asked, outcome):
        return outcome
    outcome = decide(parts.whole, context, mind, own_region)
    return outcome if _sure(outcome) else None


def _found(parts: Parts, context: Context, mind: Mind, own_region: str | None) -> list[Outcome]:
    """What is surely asked in the parts of a message, each once and in their order."""
    found: dict[object, Outcome] = {}
    alone = all(part.mentions for part in parts.told)
    for part in parts.content:
        for outcome in _outcomes(_with_years_of(parts.whole, part), context, mind, own_region):
            pointing = bool(parts.told) and not _POINTS.isdisjoint(part.ranking.words)
            if _sure(outcome) and not pointing and _stands(part, outcome, found.values(), mind, alone=alone):
                found.setdefault(_subject(outcome), outcome)
    return list(found.values())


def _told(parts: Parts, context: Context, mind: Mind, own_region: str | None) -> list[Outcome]:
    """What the table tells of the places in an account."""
    outcomes = (decide(_with_years_of(parts.whole, part), context, mind, own_region) for part in parts.told)
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

    Each side of the joint must ask something, and be answered with something else than the other side. ``most`` bounds
    the work as well: every joint tried doubles it.
    """
    if most <= 1 or not _COMPARES.isdisjoint(part.ranking.words):
        return []
    for joint in list(_MAYBE.finditer(part.text))[:MOST_JOINTS]:
        first, second = (interpret(side, mind) for side in (part.text[: joint.start()], part.text[joint.end() :]))
        modal = not MODALS.isdisjoint(second.ranking.words[:1])
        if not (_has(QUESTION_WORDS | MODALS, first) and (modal or _has(QUESTION_WORDS, second))):
            continue
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
    own = [word for word in content_words(part) if word not in ASKS]
    clear = bool(own) and part.ranking.confidence >= CLEAR and part.ranking.candidates[0].covered == 1
    enough = len(own) >= STANDING or clear
    if not alone:
        return len(own) >= STANDING
    entries = mind.knowledge.entries
    near = {entries[o.entry].topic for o in before if isinstance(o, AnswerEntry)}
    if enough or not near:
        return bool(own)
    return isinstance(outcome, AnswerEntry) and entries[outcome.entry].topic in near


def _is_courtesy(part: Question) -> bool:
    return not part.mentions and COURTESIES.issuperset(part.ranking.words)


def _small_talk(part: Question, mind: Mind) -> bool:
    candidates = part.ranking.candidates
    return bool(candidates) and candidates[0].label in mind.small_talk


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
