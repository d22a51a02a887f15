"""Every spelling of every place, and the nearest spellings to a mistyped one."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.model import OtherPlace, Region, RegionType
from bot.regions.text import read_tokens

_DIRECTIONS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "barat": ("west", ("brt",)),
    "timur": ("east", ("tmr", "tim")),
    "selatan": ("south", ("sel", "slt")),
    "utara": ("north", ("utr",)),
    "tengah": ("central", ("tgh", "teng")),
    "tenggara": ("southeast", ("tgr", "tenggr")),
    "daya": ("southwest", ()),
}
"""Last word of a name → the English word before it, and how it is shortened in chats."""
_ENGLISH_WORDS = {"jawa": "java", "sumatera": "sumatra"}
_ISLANDS: Mapping[str, tuple[tuple[str, ...], str]] = {
    # first digits of the codes of its provinces: the ministry numbers them by island
    "sumatera": (("sumatera", "sumatra"), "12"),
    "jawa": (("jawa", "java"), "3"),
    "bali nusa tenggara": (
        ("bali nusa tenggara", "bali dan nusa tenggara", "bali nusra", "balinusra", "nusa tenggara", "nusra"),
        "5",
    ),
    "kalimantan": (("kalimantan", "borneo"), "6"),
    "sulawesi": (("sulawesi", "celebes"), "7"),
    # alone, these two are the provinces of that name
    "maluku": (("kepulauan maluku", "pulau maluku", "maluku islands"), "8"),
    "papua": (("pulau papua", "tanah papua", "papua island"), "9"),
}
_WITHOUT_BALI = frozenset({"nusa tenggara", "nusra"})
_BALI = "51"
_OUTSIDE = ("luar", "luar pulau")  # "luar Jawa": every province but those
_SPLIT_FROM = 7  # letters; shorter one-word names are never written in two parts ("ke diri" is no Kediri)
_SHORTEST_PART = 3  # letters of a part of a name that is written with other spaces than usual

# Typos that are repaired: letters of the name, up to which so many edits are allowed.
_ONE_EDIT_FROM = 5
_TWO_EDITS_FROM = 8
_THREE_EDITS_FROM = 14  # names of two or more words, one slip in each
_ALIAS_LONGER_BY = 2  # aliases and other places are not repaired as readily: "sumut", "selong" have many neighbours
_CUE_SHORTER_BY = 1  # a cue such as "kab." allows shorter names to be repaired
_MOST_EDITS = 3
_VOWELS = str.maketrans("", "", "aeiou")
_MEMORY = 20_000  # words remembered with what they were repaired to


@dataclass(frozen=True, slots=True)
class Name:
    """One spelling, and all that it may stand for."""

    key: str  # letters and digits, folded, without spaces
    codes: tuple[str, ...] = ()
    capital_codes: tuple[str, ...] = ()  # meant only when written in CAPITALS or beside "kab"/"kota"
    place: OtherPlace | None = None
    island: bool = False
    ordinary: bool = False  # in lower case it is often an ordinary word
    parts: frozenset[tuple[str, ...]] = frozenset()  # the ways it is written in words
    official: bool = False  # the name itself, not an alias of it

    @property
    def words(self) -> frozenset[str]:
        """All words that it is written with."""
        return frozenset(word for parts in self.parts for word in parts)

    def may_be_written(self, pieces: tuple[str, ...]) -> bool:
        """Tells whether the spaces in these pieces are a plausible way to write the name.

        >>> gunungkidul = Name("gunungkidul", parts=frozenset({("gunungkidul",)}))
        >>> gunungkidul.may_be_written(("gunung", "kidul")), gunungkidul.may_be_written(("gu", "nungkidul"))
        (True, False)
        """
        if len(pieces) == 1 or pieces in self.parts:
            return True
        return len(self.key) >= _SPLIT_FROM and all(len(piece) >= _SHORTEST_PART for piece in pieces)

    def edits(self, cue: bool) -> int:
        """How many slips of the finger this name may be mistyped with.

        One in names of 5-7 letters, two from 8 on, three in names of several words from 14 on. An alias must be two
        letters longer; with a cue such as "kab." beside it one letter less is enough.
        """
        length = len(self.key) - (0 if self.official else _ALIAS_LONGER_BY)
        if length >= _THREE_EDITS_FROM and any(len(parts) > 1 for parts in self.parts):
            return _MOST_EDITS
        if length >= _TWO_EDITS_FROM:
            return 2
        return int(length + (_CUE_SHORTER_BY if cue else 0) >= _ONE_EDIT_FROM)


@dataclass(slots=True)
class _Draft:
    """A Name while the regions are still being read."""

    codes: set[str] = field(default_factory=set)
    capital_codes: set[str] = field(default_factory=set)
    place: OtherPlace | None = None
    island: bool = False
    ordinary: bool = False
    parts: set[tuple[str, ...]] = field(default_factory=set)
    official: bool = False

    def finish(self, key: str) -> Name:
        return Name(
            key,
            tuple(sorted(self.codes)),
            tuple(sorted(self.capital_codes - self.codes)),
            None if self.codes else self.place,
            self.island,
            self.ordinary,
            frozenset(self.parts),
            self.official,
        )


class NameTable:
    """All spellings, ready for look-up.

    >>> from bot.model import Region, RegionType
    >>> table = NameTable({"52.03": Region("52.03", RegionType.REGENCY, "Lombok Timur", "52")}, ())
    >>> [table.exact[key].codes for key in ("lomboktimur", "eastlombok", "lomboktmr")]
    [('52.03',), ('52.03',), ('52.03',)]
    >>> table.nearest("lombktimur", cue=False)[0].key
    'lomboktimur'
    """

    def __init__(self, regions: Mapping[str, Region], other_places: Sequence[OtherPlace]) -> None:
        drafts: dict[str, _Draft] = {}
        _add_regions(drafts, regions.values())
        _add_islands(drafts, [r.code for r in regions.values() if r.type is RegionType.PROVINCE])
        for place in other_places:
            for spelling in place.names:
                draft = _draft(drafts, _words(spelling))
                draft.place = draft.place or place
        self.exact: Mapping[str, Name] = {key: draft.finish(key) for key, draft in drafts.items()}
        self.words = frozenset(word for name in self.exact.values() for word in name.words)
        self.first_words = frozenset(parts[0] for name in self.exact.values() for parts in name.parts if len(parts) > 1)
        self.longest = 1 + max((len(p) for name in self.exact.values() for p in name.parts), default=0)
        self._by_length = _by_length(self.exact.values())
        self.nearest = lru_cache(_MEMORY)(self._nearest)

    def _nearest(self, typed: str, cue: bool) -> tuple[Name, ...]:
        """The names with the fewest edits from what was typed, likeliest first; () where none is near enough.

        Edits are those of optimal string alignment: a letter dropped, added or replaced, or two swapped. Among equals
        a name with the same consonants comes first, because in chats people leave out vowels.
        """
        found = process.extract(
            typed, self._by_length.get(len(typed), ()), scorer=OSA.distance, score_cutoff=_MOST_EDITS, limit=None
        )
        near = [
            (int(distance), self.exact[key])
            for key, distance, _ in found
            if 0 < distance <= _allowed(self.exact[key], typed, int(distance), cue)
        ]
        fewest = min((distance for distance, _ in near), default=0)
        best = [name for distance, name in near if distance == fewest]
        consonants = typed.translate(_VOWELS)
        return tuple(sorted(best, key=lambda name: (name.key.translate(_VOWELS) != consonants, name.key)))


def _allowed(name: Name, typed: str, distance: int, cue: bool) -> int:
    if distance > 1 and not cue and typed[0] != name.key[0] and typed[-1] != name.key[-1]:
        return 1  # both ends and more are wrong: another word rather than a slip
    return name.edits(cue)


def _by_length(names: Iterable[Name]) -> dict[int, list[str]]:
    """The keys that can be meant by a typed word of each length."""
    buckets: dict[int, list[str]] = {}
    for name in sorted(names, key=lambda name: name.key):
        if not (name.codes or name.place) or not name.key.isalpha():
            continue
        edits = name.edits(cue=True)
        for length in range(len(name.key) - edits, len(name.key) + edits + 1) if edits else ():
            buckets.setdefault(length, []).append(name.key)
    return buckets


def _add_regions(drafts: dict[str, _Draft], regions: Iterable[Region]) -> None:
    for region in regions:
        for spelling in (region.name, *region.aliases):
            for words in _variants(_words(spelling)):
                draft = _draft(drafts, words)
                draft.codes.add(region.code)
                if spelling == region.name:
                    draft.official = True
                    draft.ordinary |= region.common_word
        for spelling in region.capital_aliases:
            _draft(drafts, _words(spelling)).capital_codes.add(region.code)


def island_name(codes: Collection[str], provinces: Collection[str]) -> str:
    """The island group that a set of provinces makes up, "luar Jawa" for all but one; "" where it is none.

    >>> island_name(["31", "32"], ["11", "31", "32"]), island_name(["11"], ["11", "12", "31", "32"])
    ('Jawa', '')
    """
    wanted = set(codes)
    for spellings, digits in _ISLANDS.values():
        inside = {code for code in provinces if code[0] in digits}
        for found, name in ((inside, spellings[0].title()), (set(provinces) - inside, f"luar {spellings[0].title()}")):
            if len(found) > 1 and wanted == found:
                return name
    return ""


def _add_islands(drafts: dict[str, _Draft], provinces: Sequence[str]) -> None:
    for spellings, digits in _ISLANDS.values():
        for spelling in spellings:
            inside = {code for code in provinces if code[0] in digits}
            if spelling in _WITHOUT_BALI:
                inside.discard(_BALI)
            readings = [(spelling, inside)] + [(f"{out} {spelling}", set(provinces) - inside) for out in _OUTSIDE]
            for words, codes in readings:
                draft = _draft(drafts, _words(words))
                if not draft.codes:
                    draft.codes, draft.island = codes, True


def _draft(drafts: dict[str, _Draft], words: tuple[str, ...]) -> _Draft:
    draft = drafts.setdefault("".join(words), _Draft())
    draft.parts.add(words)
    return draft


def _words(spelling: str) -> tuple[str, ...]:
    return tuple(token.text for token in read_tokens(spelling))


def _variants(words: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """The other ways to write a name: Sumatra, Kep., shortened directions, English, "toli2".

    >>> sorted(" ".join(v) for v in _variants(("sumatera", "utara")))
    ['north sumatera', 'north sumatra', 'sumatera utara', 'sumatera utr', 'sumatra utara', 'sumatra utr']
    """
    english = tuple(_ENGLISH_WORDS.get(word, word) for word in words)
    for spelt in dict.fromkeys((words, english if "sumatera" in words else words)):
        yield spelt
        if len(spelt) > 1 and spelt[-1] in _DIRECTIONS:
            for short in _DIRECTIONS[spelt[-1]][1]:
                yield (*spelt[:-1], short)
    for spelt in dict.fromkeys((words, english)):
        yield from _english(spelt)
    if words[0] == "kepulauan":
        yield ("kep", *words[1:])
        yield (*english[1:], "islands")
    if len(words) > 1 and words[-1] == words[-2]:
        yield (*words[:-1], "2")
    if words[0] == "di":
        yield ("d", "i", *words[1:])


def _english(words: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    if words[-2:] == ("barat", "daya"):
        yield (_DIRECTIONS["daya"][0], *words[:-2])
    elif len(words) > 1 and words[-1] in _DIRECTIONS:
        yield (_DIRECTIONS[words[-1]][0], *words[:-1])
