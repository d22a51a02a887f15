"""Years, numbers and kinds of region that a message names."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from bot.language.normalize import fold
from bot.model import RegionType

FIRST_PHASE_YEAR = 2017  # tahap I; II and III are the two years after it
PHASES = 3
NUMBER_WORDS = {
    "i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5,
    "satu": 1, "dua": 2, "tiga": 3, "empat": 4,
    "pertama": 1, "kesatu": 1, "kedua": 2, "ketiga": 3, "keempat": 4,
    "first": 1, "second": 2, "third": 3, "fourth": 4, "one": 1, "two": 2, "three": 3, "four": 4,
}  # fmt: skip
"""How numbers of phases, sessions and books are said."""
_NUMBER = r"(?:ke-?\s?)?([1-5]|" + "|".join(sorted(NUMBER_WORDS, key=len, reverse=True)) + r")"
_COUNTED = r"(?!\s*(?:tahun|thn|hari|bulan|orang|kali|daerah))"  # "dua kali" is an amount, "tahap dua" a number
_SERIES = "tahap(?:an)?|thp|fase|gelombang|angkatan|periode|batch|phase|wave|kloter"
_NUMBERED = re.compile(
    rf"\b({_SERIES}|bimtek|bintek|bimbingan teknis|buku|book|sesi)"
    rf"\s*(?:yang\s+|yg\s+|no\.?\s*|nomor\s+)?{_NUMBER}\b{_COUNTED}"
)
_ORDINAL_FIRST = re.compile(
    r"\b(pertama|kedua|ketiga|keempat|first|second|third|fourth)\s+(phase|wave|batch|book|stage|cohort|tahap)\b"
)
_BARE_NUMBER = re.compile(rf"\b(?:yang|yg|nomor|no\.?|nmr|the)\s+{_NUMBER}\b{_COUNTED}")
_ALSO = re.compile(
    rf"(?:(?:\s*(?:,|dan|and|sampai|hingga|s/d|-|&)\s*)+|\s+(?=[1-5]\b)){_NUMBER}\b(?:(?:(?:\s*(?:,|dan|and|&)\s*)+|\s+(?=[1-5]\b)){_NUMBER}\b)*"
)
_NUMBER_WORD = re.compile(rf"\b{_NUMBER}\b")
_LONE = re.compile(r"\W*" + _NUMBER + r"\W*")
_YEAR = re.compile(r"(?<![\d.-])(?<!\d/)(20[12]\d)(?!\d|[.-]\d|/\d{1,3}\b)|(?<=20\d\d/)(20[12]\d)\b")
_UNTIL = r"(?:s/?d\.?|s\.d\.?|sampai(?: dengan)?|sampe|smp|smpai|hingga|to|until)"
_YEAR_RANGE = re.compile(rf"\b(20[12]\d)\s*(?:-|–|—|{_UNTIL})\s*(?:akhir )?(?:tahun |thn |th )?(20[12]\d)\b")
_UP_TO = re.compile(rf"\b{_UNTIL}\s+(?:akhir |dengan )?(?:tahun |thn |th )?(20[12]\d)\b")
_UP_TO_PHASE = re.compile(rf"\b{_UNTIL}\s+(?:akhir |dengan )?(?:{_SERIES})\b")
_SHORT_YEAR = re.compile(
    r"(?:\b(?:tahun|taun|thn|th|angkatan)\.?\s*['’]?|['’])([12]\d)\b(?!\s*(?:tahun|bulan|hari|daerah|kab|orang))"
)
_CENTURY = 2000
_NOT_A_PHASE = re.compile(r"\b(?:bimtek|bintek|bimbingan|evaluasi|asesmen|buku|book|review|session|sesi)\b")
_ONLY_AFTER = r"(?:saja|aja|doang|only)"
_ONLY_BEFORE = r"(?:khusus|hanya|cuma|yang|yg|filter)"


def _type_pattern(word: str, own: str, english: str, not_before: str) -> re.Pattern[str]:
    """ "kota saja", "yang kota", "kotanya": a filter, unlike "kota mana" or "kota cerdas"."""
    return re.compile(
        rf"\b{word}(?:nya)?\.?\s+{_ONLY_AFTER}\b"
        rf"|\b{_ONLY_BEFORE}\s+{word}(?:nya)?\b(?!\s+(?:{not_before}|mana|saya|kami|kita))"
        rf"|\b{own}\b|\b{english} only\b"
    )


def _listed_pattern(word: str) -> re.Pattern[str]:
    """ "kota apa saja", "berapa kota": the kind that is listed or counted."""
    return re.compile(
        rf"\b{word}(?:2|-{word})\b"
        rf"|(?<!kabupaten[/ ])(?<!kab[/ ])(?<!dan )(?<!atau )\b{word}\s+(?:mana|apa)\s+(?:saja|aja)\b"
        rf"|\b(?:berapa|brp|daftar|jumlah|list)(?:\s+(?:banyak|peserta))?\s+{word}\b(?!\s*(?:[/,]|dan\b|atau\b|kota\b|kabupaten\b|cerdas))"
    )


_TYPE_ONLY = (
    (RegionType.CITY, _type_pattern("kota", "kotanya", "cities", "cerdas|hijau")),
    (RegionType.REGENCY, _type_pattern("kab(?:upaten)?", "kab(?:upaten)?nya", "regencies", "kota")),
)
_CLAUSE_ENDS = r"(?=\s*(?:$|[,.;?!)]|(?:ya|pak|bu|min|kak|mas|mbak|saja|aja|tapi|melainkan|yang|yg|deh|dong)\b))"
_LEFT_OUT = re.compile(
    rf"\b(?:bukan|bkn|kecuali|selain|tanpa|not)\s+(?:yang\s+|yg\s+|the\s+)?(kab(?:upaten)?|kota)(?:nya)?{_CLAUSE_ENDS}"
    r"|\b(kab(?:upaten)?|kota)(?:nya)?\s+(?:tidak|tdk|ga|gak|nggak|ndak|enggak|jangan)\s+(?:usah|perlu)\b"
)
"""Says of which kind nothing is asked: "bukan yang kota", "kabupatennya ga usah"."""
_TYPE_ALONE = re.compile(
    r"\W*(?:(?:eh|oh|maaf|maksud|maksudnya|maksudku|saya|sy|yang|yg|kalau|kalo|klo|untuk)\W+)*"
    r"(kab(?:upaten)?|kota)(?:\W+(?:maksud(?:nya|ku|\W+(?:saya|sy))?|ya|min|pak|bu|kak|mas|mbak|deh|dong))*\W*"
)
"""Says nothing but the kind: "eh maksud saya kabupaten"."""
_TYPE_LISTED = (
    (RegionType.CITY, _listed_pattern("kota")),
    (RegionType.REGENCY, _listed_pattern("kab(?:upaten)?")),
)
_PLACE = r"(?:daerah|kab(?:upaten)?|kota|wilayah|pemda|pemkab|pemkot|tempat|instansi)"
_JOINED = r"(?:masuk|ikut|terdaftar|tercatat|terpilih|termasuk|kepilih|lolos)"
_MINE = re.compile(
    rf"\b{_PLACE}\.?\s*(?:nya\s+)?(?:ku|saya|sy|aku|kami|kita|qt)\b|\b(?:daerahku|kotaku|kabupatenku)\b"
    r"|\b(?:my|our) (?:region|regency|city|area|district)\b"
    rf"|\b(?:kami|kita|saya)\s+(?:sudah|udah|udh|sdh|belum|blm|pernah)?\s*{_JOINED}\b"
)
_MY_PROVINCE = re.compile(r"\b(?:provinsi|prov|propinsi)\.?\s*(?:ku|saya|sy|kami|kita)\b|\b(?:my|our) province\b")


@dataclass(frozen=True, slots=True)
class Slots:
    """What was found; ``years`` holds those of phases too, ``numbers`` those of bimtek, books and stages."""

    years: tuple[int, ...] = ()
    numbers: tuple[int, ...] = ()
    type: RegionType | None = None
    mine: bool = False
    my_province: bool = False
    namesake: RegionType | None = None  # "yang kota": which of two of the same name is meant

    @property
    def year(self) -> int:
        """The one year named; 0 where there is none or several, which no variant answers."""
        return self.years[0] if len(self.years) == 1 else 0

    @property
    def number(self) -> int:
        """The one number named; 0 where there is none or several."""
        return self.numbers[0] if len(self.numbers) == 1 else 0


def read_slots(text: str) -> Slots:
    """Finds years, phases, numbers, "kota saja" and "daerah saya" in a message.

    >>> read_slots("daerah saya masuk tahap II?")
    Slots(years=(2018,), numbers=(2,), type=None, mine=True, my_province=False)
    >>> read_slots("bimtek III ngapain aja").numbers
    (3,)
    """
    plain = " ".join(fold(text).split())
    numbers = _numbers(plain)
    years = _years(plain)
    if not years and not _NOT_A_PHASE.search(plain):
        years = tuple(FIRST_PHASE_YEAR + n - 1 for n in _phase_numbers(plain) if n <= PHASES)
        if years and _UP_TO_PHASE.search(plain):
            years = tuple(range(FIRST_PHASE_YEAR, max(years) + 1))
    meant = _type(plain)
    return Slots(
        years,
        numbers,
        meant or _one_kind(_TYPE_LISTED, plain),
        bool(_MINE.search(plain)),
        bool(_MY_PROVINCE.search(plain)),
        meant,
    )


def _type(plain: str) -> RegionType | None:
    without = {said[1] or said[2] for said in _LEFT_OUT.finditer(plain)}
    if without:
        cities, regencies = "kota" in without, bool(without - {"kota"})
        return None if cities and regencies else RegionType.REGENCY if cities else RegionType.CITY
    if alone := _TYPE_ALONE.fullmatch(plain):
        return RegionType.CITY if alone[1] == "kota" else RegionType.REGENCY
    return _one_kind(_TYPE_ONLY, plain)


def _one_kind(patterns: Iterable[tuple[RegionType, re.Pattern[str]]], plain: str) -> RegionType | None:
    kinds = [kind for kind, pattern in patterns if pattern.search(plain)]
    return kinds[0] if len(kinds) == 1 else None


def _value(text: str) -> int:
    return int(text) if text.isdigit() else NUMBER_WORDS[text]


def _phase_numbers(plain: str) -> tuple[int, ...]:
    found: list[int] = []
    for m in _NUMBERED.finditer(plain):
        found.append(_value(m[2]))
        also = _ALSO.match(plain, m.end())
        found += [_value(n) for n in _NUMBER_WORD.findall(also[0])] if also else []
    found += [_value(m[1]) for m in _ORDINAL_FIRST.finditer(plain)]
    return tuple(dict.fromkeys(found))


def _numbers(plain: str) -> tuple[int, ...]:
    found = list(_phase_numbers(plain))
    found += [_value(m[1]) for m in _BARE_NUMBER.finditer(plain)]
    alone = _LONE.fullmatch(plain)
    if alone:
        found.append(_value(alone[1]))
    return tuple(dict.fromkeys(found))


def _years(plain: str) -> tuple[int, ...]:
    found: list[int] = []
    for m in _YEAR_RANGE.finditer(plain):
        first, last = sorted((int(m[1]), int(m[2])))
        found.extend(range(first, last + 1))
    up_to = _UP_TO.search(plain)
    if up_to and not found and not _YEAR.search(plain[: up_to.start()]):
        found.extend(range(FIRST_PHASE_YEAR, int(up_to[1]) + 1))
    found += [int(m[1] or m[2]) for m in _YEAR.finditer(_YEAR_RANGE.sub(" ", plain))]
    found += [_CENTURY + int(m[1]) for m in _SHORT_YEAR.finditer(plain)]
    return tuple(sorted(dict.fromkeys(found)))
