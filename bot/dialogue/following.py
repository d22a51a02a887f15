"""A message that goes on with the last answer of the FAQ: "anggotanya?", "kalau economy?", "eh maksud saya bimtek".

It is read together with the title of that answer. What it says anew must be what the entry found is asked with, and the
entry one of the same topic, unless the person corrects themselves.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.dialogue.interpret import Question
from bot.dialogue.mind import Mind
from bot.dialogue.model import AnswerEntry, Context
from bot.language.matching import Candidate
from bot.language.normalize import FILLERS, stem, tokens
from bot.model import Entry, EntryKind

_ASKING = (
    "apa apakah saja siapa berapa bagaimana kapan di mana mengapa yang itu ada what who how when sudah belum tidak"
)
ASKING = frozenset(_ASKING.split())  # words that ask or affirm, and say nothing of what about
_GOES_ON = "kalau terus lalu yang berarti nah untuk khusus selain selanjutnya begitu and then about"
GOES_ON = frozenset(_GOES_ON.split())  # words that a message begins with which goes on
CORRECTS = frozenset(["maksud", "maksudnya", "maksudku", "ralat", "salah", "keliru", "meant"])
SEEKS = frozenset(["kapan", "siapa", "berapa", "mana", "mengapa", "when", "who", "where", "why"])
"""Words that are enough to say what is sought of the last answer: "itu kapan?"."""
OFTEN = 0.15  # of an entry's phrasings that have such a word where the entry answers it
ELLIPTIC = 4  # words; a longer message stands on its own
VERY_SHORT = 2  # words; such a message that goes on by its form is about the last answer before anything else
LEANING = 7  # words of a message that may still lean on the last answer
RANKED = 6  # labels looked at
NEARLY = 0.7  # of the best score, from which one of these is near enough
NEAREST = 3  # of the labels by a message's own words; one that leans means one of these
_MONTHS = "jan|feb|mar|apr|mei|jun|jul|agu|sep|okt|nov|des"
_DATED = re.compile(rf"\b\d{{1,2}} (?:{_MONTHS})", re.IGNORECASE)  # an answer that says a day
SHORTEST = 4  # letters of a word that may be part of another ("daftar", "mendaftar")


def content_words(question: Question) -> list[str]:
    """The words of a message that say what it is about."""
    return [word for word in question.words if word not in ASKING]


def goes_on(question: Question) -> bool:
    """Whether by its form a message goes on with what was told before, and says hardly anything else."""
    words = question.words
    new = _new(question)
    if not words or len(new) > VERY_SHORT:
        return False
    if words == new or (words[0] in GOES_ON and SEEKS.isdisjoint(words)) or _corrects(question):
        return True
    # Two words of its own beside "-nya" may be all that a new question needs: "syarat seleksinya apa saja".
    return len(new) < VERY_SHORT if any(word.endswith("nya") for word in words) else "itu" in words and not new


def following(question: Question, context: Context, mind: Mind, *, settled: bool = False) -> AnswerEntry | None:
    """The entry meant by a short message after the last answer; None where there is none, or none fits.

    ``settled`` tells that the message by itself is surely answered by another entry than the last one.

    It may be the last one itself ("kalau economy?" after the winners of six dimensions), where its phrasings have more
    of the words than those of the nearest other that fits.
    """
    last = mind.knowledge.entries.get(context.entry)
    new = _new(question)
    sought = new or (["kapan"] if _which_day(question) else [w for w in question.ranking.repaired if w in SEEKS])
    if last is None or not sought or len(new) > ELLIPTIC:
        return None
    corrected = _corrects(question)
    stays: Candidate | None = None
    other: Candidate | None = None
    for candidate, entry in _with_title(last, question, mind):
        if entry.id == last.id:
            stays = (
                candidate if not corrected and _stays(question, sought, entry, mind, settled and bool(new)) else None
            )
        elif not (corrected or _beside(entry, last)):
            break
        elif other is None and _asked_with(entry, sought, mind):
            other = candidate
    if stays and (other is None or stays.covered >= other.covered):
        slots = question.slots
        year, number = slots.year or context.year, slots.number or context.number
        return AnswerEntry(stays.label, stays.score, year, number)
    if other is None and sought == ["kapan"] and "itu" in question.words and _DATED.search(_told(last, context)):
        return AnswerEntry(last.id, 1.0, context.year, context.number)  # nothing else is meant by "itu kapan?"
    return _as_asked(other, question) if other else None


def leaning(question: Question, context: Context, mind: Mind) -> AnswerEntry | None:
    """The entry near to the last answer that a longer message leans to which begins like a continuation.

    It is among the nearest by its own words, and the nearest together with the title of the last answer: "nah kalau
    bupati umroh boleh diwakili sekda?" after who signs is about signing, not about the assessment.
    """
    last = mind.knowledge.entries.get(context.entry)
    words = [word for word in question.ranking.repaired if word in GOES_ON or word not in FILLERS]
    nearest = question.ranking.candidates[:NEAREST]
    if last is None or not nearest or GOES_ON.isdisjoint(words[:1]) or len(_new(question)) > LEANING:
        return None
    direct = {candidate.label for candidate in nearest if candidate.score >= NEARLY * nearest[0].score}
    for candidate, entry in _with_title(last, question, mind):
        if entry.id != last.id:
            return _as_asked(candidate, question) if _beside(entry, last) and entry.id in direct else None
    return None


def _with_title(last: Entry, question: Question, mind: Mind) -> Iterator[tuple[Candidate, Entry]]:
    """The entries nearest to a message together with the title of the last answer, best first."""
    for candidate in mind.matcher.rank(f"{last.title} {question.masked}", RANKED).candidates:
        entry = mind.knowledge.entries.get(candidate.label)
        if entry is not None and entry.kind not in {EntryKind.SMALL_TALK, EntryKind.SERVICE}:
            yield candidate, entry


def _beside(entry: Entry, last: Entry) -> bool:
    return entry.topic == last.topic or entry.id in last.related


def _as_asked(candidate: Candidate, question: Question) -> AnswerEntry:
    return AnswerEntry(candidate.label, candidate.score, question.slots.year, question.slots.number)


def _stays(question: Question, sought: list[str], last: Entry, mind: Mind, settled: bool) -> bool:
    """Whether a message asks for another part of the last answer."""
    words = question.words
    titled = {stem(word) for word in tokens(last.title, mind.terms)}
    if len(words) == 1 and words[0].endswith("nya") and stem(words[0]) in titled:
        return True  # "tempatnya?" after "Tanggal dan tempat penandatanganan MoU"
    if _in_one_line(sought, last, mind):
        return True
    if settled or words == sought:
        return False
    if words[0] not in GOES_ON:
        return bool(set(sought) <= SEEKS) and _asked_with(last, sought, mind)
    return all(_asked_with(last, [word], mind) for word in sought)


def part_of_last(question: Question, context: Context, mind: Mind) -> AnswerEntry | None:
    """The last answer again, where a message names one of its lines: "yang economy siapa?" after the winners."""
    last = mind.knowledge.entries.get(context.entry)
    new = _new(question)
    named = question.words[:1] == ["yang"] and 0 < len(new) <= VERY_SHORT
    if last is None or not named or question.mentions or not _in_one_line(new, last, mind):
        return None
    slots = question.slots
    return AnswerEntry(last.id, 1.0, slots.year or context.year, slots.number or context.number)


def _in_one_line(words: list[str], last: Entry, mind: Mind) -> bool:
    """Whether all words are in what one line of an answer's list begins with."""
    lines = [line for text in (last.answer, *(v.answer for v in last.variants)) for line in text.splitlines()]
    heads = [tokens(line.partition(":")[0], mind.terms) for line in lines if line.startswith("-")]
    return any(all(stem(word) in head for word in words) for head in heads)


def _corrects(question: Question) -> bool:
    """ "eh maksud saya bimtek", but not "outcome maksudnya?"."""
    words = question.words
    return bool(words) and words[0] in CORRECTS and len(words) > 1


def _new(question: Question) -> list[str]:
    day = {"tanggal"} if _which_day(question) else set()
    return [word for word in content_words(question) if word not in GOES_ON | CORRECTS | day]


def _which_day(question: Question) -> bool:
    """ "tanggal berapa" is "kapan"."""
    return {"tanggal", "berapa"} <= set(question.words)


def _told(last: Entry, context: Context) -> str:
    """The answer as it was told, of a variant where one was."""
    told = (v.answer for v in last.variants if (v.year or 0, v.number or 0) == (context.year, context.number))
    return next(told, last.answer)


def _asked_with(entry: Entry, sought: list[str], mind: Mind) -> bool:
    """Whether an entry is asked with what the person newly said."""
    phrasings = mind.matcher.texts_of(entry.id)
    if set(sought) <= SEEKS:
        return all(sum(word in said.split() for said in phrasings) >= OFTEN * len(phrasings) for word in sought)
    text = " ".join(phrasings)
    return any(stem(word) in text for word in sought if len(stem(word)) >= SHORTEST)
