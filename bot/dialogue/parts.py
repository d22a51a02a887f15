"""A message taken apart: what greets, what tells something, what asks; and where a second question may begin."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, zip_longest

from bot.dialogue.interpret import Question, interpret
from bot.dialogue.mind import Mind
from bot.language.normalize import FILLERS, tokens

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
    rf"|,\s*(?=(?:terus|trs|lalu|maksud|yang saya|kami|mau|ingin|izin|mohon|perkenalkan|nama saya|{_ASKING})\b)"
    rf"|\s(?=(?:{_JOINTS})\s+(?:{_ASKING})\b)"
    r"|,?\s+(?=(?:oh (?:iya|ya)|(?:sama |dan )?satu lagi)\b)",
    re.IGNORECASE,
)
_MAYBE = re.compile(
    r",?\s+(?:dan|and|n|sama(?!\s+(?:dengan|dgn|kayak|kyk|seperti|spt|aja|saja))|sm|serta|plus|trus|terus|trs|lalu|kalau"
    r"|kalo|klo|(?:dan )?sekalian)\s+|,\s+|\s*[&+]\s*",
    re.IGNORECASE,
)
"""Where a second question may begin without any sign of it; most often it does not."""
_NEXT = frozenset(["terus", "trus", "trs", "lalu"])  # what follows is another question, where it is one at all
_AS_WELL = frozenset(["sekalian", "dan sekalian"])  # whatever follows is wanted as well
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
    asked = content or parts
    said = ". ".join(part.text for part in content) if content and aside else text
    # Most messages are one part, and reading it is half of the time that an answer takes.
    whole = asked[0] if len(asked) == 1 else interpret(said, mind)
    asking = [part for part in content if asks(part)] or content
    told = tuple(part for part in content if part not in asking)
    return Parts(whole, tuple(asking), told, aside)


def asks(part: Question) -> bool:
    """Whether a part asks something, by a question mark or a word."""
    return part.text.endswith("?") or _has(ASKS, part) or part.ranking.words[-1:] == ("kan",)


def _asks_whether(part: Question) -> bool:
    """ "MoU lama masih berlaku tidak", "kota kediri sudah ikut belum": asks without any word for it."""
    return part.words[-1:] in (["tidak"], ["belum"], ["bukan"])


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


def sides(part: Question, mind: Mind) -> Iterator[tuple[Question, Question]]:
    """What stands before and behind each joint of a part, where both ask something."""
    if not _COMPARES.isdisjoint(part.ranking.words):
        return
    for joint in islice(_MAYBE.finditer(part.text), MOST_JOINTS):
        before, sign, after = part.text[: joint.start()], joint[0].strip(" ,"), part.text[joint.end() :]
        if joint[0].lstrip().startswith(",") and not sign and not _begins_a_question(after, mind):
            continue
        first, second = interpret(before, mind), interpret(after, mind)
        if _asks_beside(first, second, sign):
            yield first, second


def _begins_a_question(text: str, mind: Mind) -> bool:
    """What a question behind a mere comma begins with: "..., bisa lewat zoom ga", "..., yang dinilai apa"."""
    word = next(iter(tokens(text, mind.terms)), "")
    return word == "yang" or word in QUESTION_WORDS | MODALS or word.endswith("nya")


def _asks_beside(first: Question, second: Question, sign: str) -> bool:
    """Whether both sides of a joint ask something; where only "tidak" at the end asks, it may belong to all."""
    of_what = not (QUESTION_WORDS - {"apakah"}).isdisjoint(first.ranking.words)
    if sign in _AS_WELL or (sign in _NEXT and second.text.endswith("?")) or _asks_whether(second):
        return of_what or (sign in _NEXT and _asks_whether(first))
    modal = not MODALS.isdisjoint(second.ranking.words[:1])
    return _has(QUESTION_WORDS | MODALS, first) and (modal or _has(QUESTION_WORDS, second))


def _is_courtesy(part: Question) -> bool:
    return not part.mentions and COURTESIES.issuperset(part.ranking.words)


def _small_talk(part: Question, mind: Mind) -> bool:
    candidates = part.ranking.candidates
    return bool(candidates) and candidates[0].label in mind.small_talk
