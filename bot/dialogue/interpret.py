"""From a message to a question: places found and masked, slots read, labels ranked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.dialogue.mind import OUTSIDE, PATTERN, Mind
from bot.dialogue.slots import NUMBER_WORDS, Slots, read_slots
from bot.language.calibration import belonging
from bot.language.matching import DECIMALS, Candidate, Ranking, in_order
from bot.language.normalize import FILLERS, stem
from bot.model import OtherPlace, RegionType, Variant
from bot.regions.gazetteer import Mention

RANKED = 16  # labels ranked before the ineligible ones are taken out
SMALL_TALK_SHARE = 0.7  # of the words of a message that must be words of the small talk it is taken for
PATTERN_SHARE = 0.5  # of the words of a message that must be words of region questions
ABOUT_LAST = frozenset(
    {"lanjutan", "sumber", "rinci", "bukan-itu", "hitung", "sebutkan"}
)  # patterns that follow an answer
OWN_REGION = ("atur-daerah", "dari-daerah")  # tell the own region, and so name it
NEEDS_PLACE = frozenset({"anggota", "seangkatan", *OWN_REGION})
OUTSIDERS = 5  # candidates behind the first among which a better fitting out-of-topic group is looked for
OUTSIDE_NEAR = 0.7  # of the best score, and
OUTSIDE_COVERS = (
    0.1  # share of the words more than the best label: on 760 rehearsal questions no loss, half of the misses
)
FEW_WORDS = 3  # of a message of which any group may have all by chance: "jadwal asesmen kapan"
NEAR_ENOUGH = 0.2  # score from which an out-of-topic group's pointer is told, or a short message stands by itself
TOLD_OF = 0.03
"""What an entry gains that tells of the one year or number asked for. From 0.03 to 0.1 on, 4-5 more of 2,066 test
questions come right, and none wrong."""
CANDIDATES = 8  # labels kept; three choices are shown at most, after patterns and out-of-topic ones are taken out
SMALL_WORDS = frozenset({"saya", "kami", "kita", "anda", "ini", "itu", "yang"})

_PROVINCE_CODE = 2  # digits


@dataclass(frozen=True, slots=True)
class Question:
    """One question as understood, before anything is decided."""

    text: str
    masked: str  # places replaced by <daerah> and <provinsi>
    mentions: tuple[Mention, ...]
    slots: Slots
    ranking: Ranking

    @property
    def words(self) -> list[str]:
        """The standard words of the message that carry a question."""
        return [word for word in self.ranking.repaired if word not in FILLERS]

    @property
    def said(self) -> str:
        """The message in standard words, slips repaired."""
        return " ".join(self.ranking.repaired)

    @property
    def regions(self) -> tuple[tuple[str, ...], ...]:
        """Codes of each kabupaten or kota named; several codes where the name is ambiguous."""
        return tuple(m.codes for m in self.mentions if m.kind == "region" or (m.kind == "place" and m.codes))

    @property
    def provinces(self) -> tuple[str, ...]:
        """Codes of the provinces and islands named, and of names that can be a province too (Jambi)."""
        found: list[str] = []
        for m in self.mentions:
            found.extend(code for code in m.codes if len(code) == _PROVINCE_CODE and m.kind != "place")
        return tuple(dict.fromkeys(found))

    @property
    def place(self) -> OtherPlace | None:
        """A place named that is no kabupaten or kota and has an answer of its own."""
        return next((m.place for m in self.mentions if m.place is not None and m.place.answer), None)

    @property
    def belonging(self) -> float:
        """How far the message belongs to what the knowledge answers: what the cut for declining is compared with."""
        return belonging(self.ranking, is_outside)

    def share_of(self, vocabulary: frozenset[str]) -> float:
        """How much of the message, fillers and suffixes aside, is in the vocabulary: 0-1."""
        words = self.words
        known = sum(w in vocabulary or stem(w) in vocabulary or _is_number(w) for w in words)
        return known / len(words) if words else 0.0

    def only(self, vocabulary: frozenset[str]) -> bool:
        """Tells whether every word, fillers aside, is in the vocabulary."""
        return all(w in vocabulary or w in FILLERS or _is_number(w) for w in self.ranking.repaired)


def is_outside(label: str) -> bool:
    """Whether a label is one of out-of-topic examples."""
    return label.startswith(OUTSIDE)


def outside_winner(ranking: Ranking) -> str:
    """The out-of-topic group that a message belongs to, "" where an entry or pattern does.

    A group also wins from close behind where its examples cover clearly more of the words: "bikin ktp baru, syaratnya
    apa" is as near to the selection requirements, but they say nothing of a KTP.
    """
    top, *others = ranking.candidates
    if is_outside(top.label):
        return top.label
    if len(ranking.repaired) <= FEW_WORDS:
        return ""
    for other in others[:OUTSIDERS]:
        near = other.score >= OUTSIDE_NEAR * top.score and other.covered >= top.covered + OUTSIDE_COVERS
        if is_outside(other.label) and near:
            return other.label
    return ""


def _is_number(word: str) -> bool:
    return word.isdigit() or word in NUMBER_WORDS


_NO_PLACEHOLDERS = str.maketrans("<>{}", "    ")  # what people type is no placeholder of ours


def interpret(text: str, mind: Mind) -> Question:
    """Reads one message. Names that may be ordinary words count as places only where that reading is the surer one."""
    text = text.translate(_NO_PLACEHOLDERS)
    mentions = mind.gazetteer.find(text)
    slots = read_slots(_cut_out(text, mentions, ""))
    mentions = tuple(_of_type(m, slots.namesake, mind) for m in mentions)
    firm = tuple(m for m in mentions if not m.weak)
    question = _read(text, firm, slots, mind)
    if len(firm) == len(mentions):
        return question
    bold = _read(text, mentions, slots, mind)
    return bold if _about_places(bold) and _surer(bold, question) else question


def _of_type(mention: Mention, kind: RegionType | None, mind: Mind) -> Mention:
    """A name that a kabupaten and a kota share, as the one that the rest of the message asks for."""
    fitting = tuple(code for code in mention.codes if mind.knowledge.regions[code].type is kind)
    return replace(mention, codes=fitting) if kind and len(mention.codes) > 1 and len(fitting) == 1 else mention


def _about_places(question: Question) -> bool:
    return bool(question.ranking.candidates) and question.ranking.candidates[0].label.startswith(PATTERN)


def _surer(one: Question, other: Question) -> bool:
    return one.ranking.confidence > other.ranking.confidence


def _read(text: str, mentions: tuple[Mention, ...], slots: Slots, mind: Mind) -> Question:
    masked = _cut_out(text, mentions)
    question = Question(text, masked, mentions, slots, mind.matcher.rank(masked, RANKED))
    ranking = question.ranking.keep(lambda candidate: _eligible(candidate.label, question, mind))
    candidates = _with_variants(ranking.candidates, slots, mind)
    return replace(question, ranking=replace(ranking, candidates=candidates[:CANDIDATES]))


def _with_variants(candidates: tuple[Candidate, ...], slots: Slots, mind: Mind) -> tuple[Candidate, ...]:
    """Candidates with those ahead that tell of the one year or number asked for: "hasil bimtek ke-2"."""
    if not (slots.year or slots.number):
        return candidates
    entries = mind.knowledge.entries
    told = {
        c.label
        for c in candidates
        if c.label in entries and any(_tells_of(variant, slots) for variant in entries[c.label].variants)
    }
    lifted = (replace(c, standing=round(c.standing + TOLD_OF, DECIMALS)) if c.label in told else c for c in candidates)
    return tuple(sorted(lifted, key=in_order))


def _tells_of(variant: Variant, slots: Slots) -> bool:
    if slots.years:  # "tahap 2" is a year, and no number of a bimtek or book
        return bool(slots.year) and variant.year == slots.year
    return bool(slots.number) and variant.number == slots.number


def _eligible(label: str, question: Question, mind: Mind) -> bool:
    """Tells whether a label may stand for this message at all.

    Small talk and talk about the last answer must be all there is to the message, and a region question must name a
    place or consist of the words of such questions: otherwise a "terima kasih" at the end, or a "siapa saja" in the
    middle, would win over what the message is about.
    """
    if label in mind.small_talk:
        said = frozenset(SMALL_WORDS).union(*mind.small_talk.values())
        return question.only(said) or question.share_of(said) >= SMALL_TALK_SHARE
    if not label.startswith(PATTERN):
        return True
    pattern = label[1:]
    own = mind.pattern_words[pattern]
    if pattern in ABOUT_LAST:
        return question.only(own)
    every = frozenset().union(*(mind.pattern_words[p] for p in mind.pattern_words if p not in ABOUT_LAST))
    if pattern in OWN_REGION and not question.mentions:
        return False
    if pattern in NEEDS_PLACE:
        return bool(question.mentions or question.slots.mine) or question.only(every)
    return question.share_of(every) >= PATTERN_SHARE


def _cut_out(text: str, mentions: Sequence[Mention], replacement: str | None = None) -> str:
    out, at = [], 0
    for m in mentions:
        if not m.codes:
            continue  # entries speak of such a place by its name
        mask = " <daerah> " if m.kind in {"region", "place"} else " <provinsi> "
        out += [text[at : m.start], mask if replacement is None else replacement]
        at = m.end
    return "".join([*out, text[at:]])
