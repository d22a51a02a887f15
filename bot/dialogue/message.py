"""A whole message: greetings around a question, long preambles, several questions at once."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from bot.dialogue.decide import decide
from bot.dialogue.interpret import FILLERS, Question, interpret
from bot.dialogue.mind import Mind
from bot.dialogue.model import AnswerEntry, AskTable, AskWhichRegion, Context, Decline, Outcome, TellPlace

MOST_QUESTIONS = 3  # answered in one message

_JOINTS = "trs|terus|lalu|dan juga|dan|and"
_ASKING = (
    "siapa|apa|apakah|kapan|kpn|berapa|brp|di mana|dimana|dmn|bagaimana|gmn|gimana|mengapa|kenapa|tanggal"
    "|what|when|who|how|where"
)
_NOT_SHORT = "".join(rf"(?<!\b{word})" for word in ("kab", "prov", "no", "th", "thn", "yth", "bpk", "dr", "tgl", "dll"))
_BREAK = re.compile(
    rf"[?!\n;]+|(?<=[a-z]){_NOT_SHORT}\.(?=\s|$)|,\s*(?=(?:dan|terus|trs|lalu|serta|sama|juga|maksud|yang saya)\b)"
    rf"|\s(?=(?:{_JOINTS})\s+(?:{_ASKING})\b)",
    re.IGNORECASE,
)


_COURTESIES = """
    sebelumnya mengganggu ganggu waktu waktunya yang terhormat yth dengan hormat saya kami boleh mau ingin hendak
    numpang menanyakan sedikit atas perhatian perhatiannya bantuan bantuannya kerja sama kerjasama kerjasamanya
    terima kasih diucapkan untuk ini ijin
"""
COURTESIES = FILLERS.union(_COURTESIES.split())
"""Words of a part that only leads to a question, or thanks for the answer: "mohon izin mengganggu waktunya"."""


def split(text: str) -> tuple[str, ...]:
    """Parts of a message that could be questions of their own.

    >>> split("syaratnya apa aja min, trs program ini dr taun brp sih")
    ('syaratnya apa aja min', 'trs program ini dr taun brp sih')
    """
    parts = (part.strip(" ,.-") for part in _BREAK.split(text))
    return tuple(part for part in parts if any(char.isalnum() for char in part))


@dataclass(frozen=True, slots=True)
class Parts:
    """A message taken apart."""

    whole: Question  # without greetings and thanks, where it says something else as well
    content: tuple[Question, ...]
    aside: tuple[Question, ...]  # greetings and thanks


def read_parts(text: str, mind: Mind) -> Parts:
    """Reads a message part by part and as a whole."""
    parts = [interpret(part, mind) for part in split(text)]
    content = tuple(part for part in parts if not _small_talk(part, mind) and not _is_courtesy(part))
    aside = tuple(part for part in parts if part not in content)
    said = ". ".join(part.text for part in content) if content and aside else text
    return Parts(interpret(said, mind), content, aside)


def read_message(text: str, context: Context, mind: Mind, own_region: str | None) -> list[Outcome]:
    """What a message asks: one outcome, or up to three where several of its parts are surely questions of their own.

    Greetings and thanks around a question are left aside; where the whole is not understood, the part that is
    understood best stands for it.
    """
    parts = read_parts(text, mind)
    whole, content = parts.whole, parts.content
    if len(content) <= 1:
        return [decide(whole, context, mind, own_region)]
    found: dict[object, Outcome] = {}
    for part in content:
        outcome = decide(_with_years_of(whole, part), context, mind, own_region)
        if _sure(outcome):
            found.setdefault(_subject(outcome), outcome)
    answers: list[Outcome] = [o for o in found.values() if not isinstance(o, Decline)]
    if len(answers) > 1:
        return answers[:MOST_QUESTIONS]
    outcome = decide(whole, context, mind, own_region)
    if _sure(outcome):
        return [outcome]
    if found:
        return [next(iter(answers or found.values()))]
    clearest = max([whole, *content], key=lambda question: question.ranking.confidence)
    return [decide(clearest, context, mind, own_region)]


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
