"""Finds kabupaten, kota, provinces, islands and other places in what people type."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from bot.model import OtherPlace, Region, RegionType
from bot.regions import markers
from bot.regions.hits import BESIDE_A_NAME, Finder, Hit, is_smart_city
from bot.regions.names import NameTable
from bot.regions.ordinary_words import ORDINARY_WORDS
from bot.regions.text import Words

_QUALIFIES = re.compile(r"\s*[,(\-/]?\s*(?:(?:yang|yg)\s+)?(?:di\s+)?", re.IGNORECASE)  # "Banjar, (yang) (di) Kalsel"
_BEFORE_A_TYPE = re.compile(r"[ \t\u00a0.:\-/]*\(?[ \t]*")  # "Tegal (kota)"
_CLOSING = re.compile(r"[ \t]*\.?\)")
_QUALIFIED_BY = re.compile(r"[ \t]+")  # "Kalsel Banjar"
_SENTENCE_END = re.compile(r"[.!?\n:]\s*$")
_YEAR = re.compile(r"20[12]\d")
_PROVINCE_DIGITS = 2
_REGENCY_AND_CITY = frozenset({RegionType.REGENCY, RegionType.CITY})


@dataclass(frozen=True, slots=True)
class Mention:
    """A place found in a text."""

    start: int
    end: int  # characters of the text as given, with a "kab."/"pemkot"/"diskominfo" that stands beside the name
    codes: tuple[str, ...]  # what it may mean: kabupaten and kota, or two-digit provinces; one is unambiguous
    kind: Literal["region", "province", "island", "place"]
    exact: bool = True  # false where a typo was repaired
    weak: bool = False  # here it may be an ordinary word as well ("batu"): the caller decides
    place: OtherPlace | None = None  # for kind "place"


@dataclass(frozen=True, slots=True)
class _Beside:
    """What stands around a name."""

    first: int
    last: int  # words of the name with its markers, ``last`` not included
    types: frozenset[RegionType]  # what the markers, or a title such as "bupati", say
    certain: bool  # a marker, a year or a word of taking part shows that a place is meant


class Gazetteer:
    """Knows all spellings of all places and finds them in texts, mistyped ones too.

    Arguments: ``regions`` by code; ``other_places`` that are no kabupaten or kota; ``common_words``, lower case, that
    are never repaired into a name (the vocabulary of the FAQ). An exact name is found even if it is among them.

    >>> lamongan = Region("35.24", RegionType.REGENCY, "Lamongan", "35")
    >>> gazetteer = Gazetteer({"35.24": lamongan}, (), ())
    >>> [(m.start, m.end, m.codes, m.exact) for m in gazetteer.find("apakah kab. lamngan ikut?")]
    [(7, 19, ('35.24',), False)]
    """

    def __init__(
        self, regions: Mapping[str, Region], other_places: Sequence[OtherPlace], common_words: Collection[str]
    ) -> None:
        self._finder = Finder(NameTable(regions, other_places), common_words)
        self._types = {code: region.type for code, region in regions.items()}

    def find(self, text: str) -> tuple[Mention, ...]:
        """The places in a text, in order and without overlap; of several readings of a spot the longest wins.

        Namesakes stay together as candidates unless a marker ("kab.", "bupati") or a province beside the name decides.
        """
        words = self._finder.read(text)
        hits = [hit for hit in self._finder.hits(words) if not self._is_no_name(words, hit)]
        starts = {hit.first for hit in hits}
        found: list[_Found] = []
        free = 0  # the first word that no mention has taken
        for hit in hits:
            beside = self._beside(words, hit, free, starts)
            free = beside.last
            found.append(self._found(words, hit, beside))
        return _join_provinces(text, found)

    def _is_no_name(self, words: Words, hit: Hit) -> bool:
        """Whether the "kota" that a name begins with belongs to the word before it: the mayor or capital is new."""
        taken = words.at(hit.first) == markers.KOTA and words.at(hit.first - 1) in markers.BEFORE_KOTA
        return taken and all(self._types[code] is not RegionType.CITY for code in _codes(hit))

    def _beside(self, words: Words, hit: Hit, free: int, starts: Collection[int]) -> _Beside:
        possible = {self._types[code] for code in _codes(hit)}
        first, types = _leading(words, hit.first, free)
        last = hit.last
        if possible == {RegionType.PROVINCE} and types and RegionType.PROVINCE not in types:
            first, types = hit.first, frozenset()  # "kota Jawa Barat mana saja": those in it
        if not types:
            last, types = _trailing(words, hit, possible, starts)
        if types == {RegionType.CITY} and words.at(first - 1) == markers.WALI:
            first = hit.first  # "wali kota X": the mayor stays in the question
        title = markers.TITLES.get(words.at(first - 1))
        if title and not types:
            types = frozenset({title})
        certain = bool(types) or first < hit.first or _asked_about(words, first, last)
        return _Beside(first, last, types, certain)

    def _found(self, words: Words, hit: Hit, beside: _Beside) -> _Found:
        wide = _codes(hit)
        codes = tuple(code for code in wide if self._types[code] in beside.types) or wide
        place = None if codes else next((name.place for name in hit.names if name.place), None)
        mention = Mention(
            words.tokens[beside.first].start,
            _with_closing_bracket(words.text, words.tokens[hit.last - 1].end, words.tokens[beside.last - 1].end),
            place.meant if place else codes,
            _kind(hit, codes),
            hit.exact,
            not beside.certain and _may_be_ordinary_words(words, hit),
            place,
        )
        return _Found(mention, wide)


@dataclass(frozen=True, slots=True)
class _Found:
    """A mention, and all that its name could mean without the markers beside it."""

    mention: Mention
    wide: tuple[str, ...]


def _leading(words: Words, name: int, free: int) -> tuple[int, frozenset[RegionType]]:
    """Markers before a name ("pemkab", "kab/kota", "city of"): where they begin, and what they say."""
    first, types = name, set[RegionType]()
    while first > free and words.gap_fits(BESIDE_A_NAME, first - 1):
        word, before = words.at(first - 1), words.at(first - 2)
        kind = markers.type_of(word)
        if kind and not is_smart_city(words, first - 1):
            types.add(kind)
        elif word in markers.JOINERS and types:  # "kota dan kabupaten Bogor"
            if first - 1 <= free or markers.type_of(before) not in _REGENCY_AND_CITY - types:
                break
        elif not (
            markers.is_office(word)
            or word == markers.PULAU
            or (word == markers.OF and markers.type_of(before))
            or (word == markers.DAERAH and before == markers.DAERAH_OF)
        ):
            break
        first -= 1
    return first, frozenset(types)


def _trailing(
    words: Words, hit: Hit, possible: Collection[RegionType], starts: Collection[int]
) -> tuple[int, frozenset[RegionType]]:
    """Markers after a name: where they end, and what they say.

    They are written "Bogor kab.", "Bogor (kota)", "Bogor yang kota" or "Bogor kota dan kabupaten".
    """
    last, types = hit.last, set[RegionType]()
    while last < len(words.tokens) and words.gap_fits(BESIDE_A_NAME if types else _BEFORE_A_TYPE, last - 1):
        linked = words.at(last) in (markers.JOINERS if types else markers.RELATIVES)
        end = last + (2 if linked else 1)
        kind = markers.type_of(words.at(end - 1))
        if kind is None or kind not in possible or kind in types or _belongs_to_next(words, end, starts):
            break
        types.add(kind)
        last = end
    return last, frozenset(types)


def _asked_about(words: Words, first: int, last: int) -> bool:
    """Tells whether a year or a word of taking part stands beside a name; "50 kota terpilih" is a number of cities."""
    before, after = words.at(first - 1), words.at(last)
    if markers.type_of(words.at(last - 1)):
        return False
    year = _YEAR.fullmatch(before) or _YEAR.fullmatch(after)
    return bool(year) or before in markers.BEFORE_A_MEMBER or after in markers.AFTER_A_MEMBER


def _belongs_to_next(words: Words, after: int, starts: Collection[int]) -> bool:
    """Tells whether a marker that ends before a word belongs to what follows: "kota Tegal", "kota cerdas"."""
    if after >= len(words.tokens) or not words.gap_fits(BESIDE_A_NAME, after - 1):
        return False
    return after in starts or words.at(after) in markers.AFTER_KOTA


def _codes(hit: Hit) -> tuple[str, ...]:
    """All codes that the names may stand for, those of the likeliest name first."""
    return tuple(dict.fromkeys(code for name in hit.names for code in (name.codes or name.capital_codes)))


def _kind(hit: Hit, codes: tuple[str, ...]) -> Literal["region", "province", "island", "place"]:
    if not codes:
        return "place"
    if all(name.island for name in hit.names):
        return "island"
    return "province" if all(len(code) == _PROVINCE_DIGITS for code in codes) else "region"


def _may_be_ordinary_words(words: Words, hit: Hit) -> bool:
    """Tells whether a name could as well be ordinary words: "batu", "pasang kayu", not "Batu" inside a sentence."""
    tokens = words.tokens[hit.first : hit.last]
    only_ordinary = all(token.text in ORDINARY_WORDS for token in tokens) and bool(hit.names[0].codes)
    reads_like_it = hit.doubtful or (hit.exact and (hit.names[0].ordinary or only_ordinary))
    if len(tokens) == len(words.tokens) or not reads_like_it:
        return False
    begins = hit.first == 0 or _SENTENCE_END.search(words.text, 0, tokens[0].start)
    return not tokens[0].capital or words.shouted or bool(begins)


def _with_closing_bracket(text: str, opened: int, end: int) -> int:
    """The end of a span that may have a "(" after ``opened``: behind the bracket that closes it."""
    closing = _CLOSING.match(text, end) if "(" in text[opened:end] else None
    return closing.end() if closing else end


def _join_provinces(text: str, found: list[_Found]) -> tuple[Mention, ...]:
    """Makes one mention of a region and the province named right beside it: "Banjar, Kalimantan Selatan"."""
    out: list[Mention] = []
    at = 0
    while at < len(found):
        joined = None
        if at + 1 < len(found):
            left, right = found[at : at + 2]
            joined = _qualified(text, left, right.mention, _QUALIFIES)
            if not joined and left.mention.kind == "province":
                joined = _qualified(text, right, left.mention, _QUALIFIED_BY)
        out.append(joined or found[at].mention)
        at += 2 if joined else 1
    return tuple(out)


def _qualified(text: str, found: _Found, province: Mention, between: re.Pattern[str]) -> Mention | None:
    """The region with the province beside it, or None where the province does not say which region is meant."""
    region = found.mention
    left, right = sorted((region, province), key=lambda mention: mention.start)
    provinces = {code for code in province.codes if len(code) == _PROVINCE_DIGITS}
    if region.kind != "region" or province.kind == "island" or not between.fullmatch(text, left.end, right.start):
        return None
    codes = _inside(region.codes, provinces) or _inside(found.wide, provinces)
    if not codes:
        return None
    end = _with_closing_bracket(text, left.end, right.end)
    return replace(region, start=left.start, end=end, codes=codes, weak=False, exact=region.exact and province.exact)


def _inside(codes: tuple[str, ...], provinces: set[str]) -> tuple[str, ...]:
    return tuple(code for code in codes if code[:_PROVINCE_DIGITS] in provinces and len(code) > _PROVINCE_DIGITS)
