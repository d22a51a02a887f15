"""Personal numbers and addresses are replaced by labels before a text is kept.

Pure, and linear in the length of the text. The numbers are those of Indonesian administration:

- NIK, 16 digits: region (6), day (+40 for women), month and year of birth, serial number (PP 37/2007 pasal 37);
- NIP, 18 digits: date of birth (8), month of appointment (6), sex (1), serial number (3) (Perka BKN 22/2007);
- NPWP, 15 digits written 99.999.999.9-999.999, or 16 (PMK 112/PMK.03/2022).

Years, dates, amounts, region codes and numbers of letters stay. Where a number could be either, it is masked: a
figure that is missing in the log costs less than a NIK that is stored.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

NIK = "[NIK]"
NIP = "[NIP]"
NPWP = "[NPWP]"
PHONE = "[nomor telepon]"
EMAIL = "[surel]"
NUMBER = "[nomor]"

NPWP_DIGITS = 15
NIK_DIGITS = 16
NIP_DIGITS = 18
SPACED_DIGITS = frozenset({NPWP_DIGITS, NIK_DIGITS, NIP_DIGITS})
LONG_RUN = 13  # digits written without a break; longer than any amount or year that people type that way

MOBILE_DIGITS = range(10, 14)  # 0812-345-678 to 0812-3456-78901, as the operators issue them
LANDLINE_DIGITS = range(9, 13)  # area code and number: (0322) 12345 to (0322) 12345678
INTERNATIONAL_DIGITS = range(9, 16)  # with the 62; 15 is the limit of ITU-T E.164
NO_DIGITS = range(0)
SHORTEST_PREFIX = 4  # 0812; shorter beginnings also stand inside amounts and dates

LOOSE_GROUPS = 4  # an unusual grouping of a NIK or NIP still counts with at most so many groups and a credible content
PAIRS = (2, 2, 2, 2, 2, 2, 4)  # 35.24.01.41.01.90.0001: also only with a credible content, as region codes look alike
NIP_GROUPS = 8  # a NIP says so much about itself that even "1980.01.01 2005.01 1 001" is recognised
MANY_YEARS = 2  # so many groups that read as years or dates make a list of years

# How people break the numbers apart; the figures are the lengths of the groups.
SHAPES: dict[tuple[int, ...], str] = {
    **dict.fromkeys(
        ((4, 4, 4, 4), (6, 6, 4), (2, 2, 2, 6, 4), (6, 2, 2, 2, 4), (8, 8), (6, 10), (12, 4), (4, 12)), NIK
    ),
    **dict.fromkeys(((2, 3, 3, 1, 3, 3), (2, 3, 3, 1, 6), (9, 6), (9, 3, 3)), NPWP),
    (8, 6, 1, 3): NIP,
}
JOINTS = frozenset({" ", "  ", "\t", ".", "-", " -", "- ", " - ", ". ", ")", ") ", ")-", " ("})

_DIGITS = re.compile(r"[0-9]+")
# Possessive, and only from the start of a word: each character is looked at a bounded number of times.
_EMAIL = re.compile(r"(?<![\w.%+-])[\w.%+-]++@[\w-]++(?:\.[\w-]++)++")
_YEAR_OR_DATE = re.compile(r"(?:19|20)\d\d(?:(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]))?")
_CREDIBLE_NIK = re.compile(
    r"(?:1[1-9]|21|3[1-6]|5[1-3]|6[1-5]|7[1-6]|8[12]|9[1-7])\d{4}"  # one of the 38 provinces, kabupaten, kecamatan
    r"(?:[04][1-9]|[1256]\d|[37][01])(?:0[1-9]|1[0-2])\d{6}"  # day 01-31 or 41-71, month, year, serial number
)
_CREDIBLE_NIP = re.compile(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:19|20)\d{4}[12]\d{3}")
# How a telephone number may begin: its first group, a dot or (for any other joint) a space, and its second group.
_BEGINNINGS: tuple[tuple[re.Pattern[str], range], ...] = (
    (re.compile(r"\+62|(?:00)?62(?:8\d{3}| 8\d\d)"), INTERNATIONAL_DIGITS),
    (re.compile(r"08(?:\d\d| (?!(?:19|20)\d\d\b)\d{3})"), MOBILE_DIGITS),
    (re.compile(r"0[2-9](?:\d{7}|\d{1,2}[ .]\d{3})"), LANDLINE_DIGITS),
)
_DASHES = frozenset("‐‑‒–—―−")
_INVISIBLE = frozenset(
    {"Cf", "Zs"}
)  # Unicode categories of zero-width and of wide spaces, which also break numbers apart


class _Group(NamedTuple):  # a message may have thousands, and a tuple is made several times faster than a dataclass
    """Digits without a break, at ``start`` to ``end`` of the text."""

    digits: str
    start: int
    end: int
    joint: str | None  # what links it to the group before; None where it begins something new


def mask(text: str) -> str:
    """Replace personal numbers, telephone numbers and e-mail addresses by labels that say what stood there.

    Full-width and other Unicode digits count like 0-9. Everything that is not masked is returned unchanged.

    >>> mask("NIK saya 3524 0101 0190 0001, WA 0812-3456-7890 atau budi@lamongan.go.id")
    'NIK saya [NIK], WA [nomor telepon] atau [surel]'
    >>> mask("Peserta 2017 2018 2019 2021, Rp 500.000.000, B-349/DJAI/AI.01.02/06/2022")
    'Peserta 2017 2018 2019 2021, Rp 500.000.000, B-349/DJAI/AI.01.02/06/2022'
    """
    plain = text if text.isascii() else "".join(map(_plain, text))
    kept: list[str] = []
    position = 0
    for start, end, label in _spans(plain):
        kept += (text[position:start], label)
        position = end
    return "".join((*kept, text[position:]))


@lru_cache(maxsize=4096)
def _plain(character: str) -> str:
    """The ASCII form of one character where there is one; always one character, so that positions stay true."""
    if character.isdecimal():
        return str(unicodedata.decimal(character))
    if character in _DASHES:
        return "-"
    if unicodedata.category(character) in _INVISIBLE:
        return " "
    folded = unicodedata.normalize("NFKC", character)
    return folded if len(folded) == 1 else character


def _spans(plain: str) -> list[tuple[int, int, str]]:
    """Start, end and label of everything to be masked, in order and without overlaps."""
    addresses = [(match.start(), match.end(), EMAIL) for match in _EMAIL.finditer(plain)]
    if addresses:  # the digits of an address belong to no number
        plain = _EMAIL.sub(lambda match: "x" * len(match[0]), plain)
    return sorted([*addresses, *_numbers(plain)])


def _numbers(plain: str) -> Iterator[tuple[int, int, str]]:
    groups = _groups(plain)
    index = 0
    while index < len(groups):
        count, label = _recognise(groups, index, plain)
        if label:
            start, end = groups[index].start, groups[index + count - 1].end
            yield start - _lead(plain, start, end), end, label
        index += count


def _groups(plain: str) -> list[_Group]:
    groups: list[_Group] = []
    end = 0
    for match in _DIGITS.finditer(plain):
        joint = plain[end : match.start()] if groups else None
        groups.append(_Group(match[0], match.start(), match.end(), joint if joint in JOINTS else None))
        end = match.end()
    return groups


def _lead(plain: str, start: int, end: int) -> int:
    """How many characters before a number belong to it: the plus, and the bracket that is closed inside."""
    lead = 1 if plain[start - 1 : start] == "+" else 0
    before = start - lead - 1
    return lead + 1 if before >= 0 and plain[before] == "(" and ")" in plain[start:end] else lead


def _recognise(groups: list[_Group], index: int, plain: str) -> tuple[int, str]:
    """How many groups from ``index`` on make one number, and its label; (1, "") where the first is harmless."""
    parts = [groups[index].digits]
    totals = [len(parts[0])]
    for group in groups[index + 1 : index + NIP_GROUPS]:
        total = totals[-1] + len(group.digits)
        if group.joint is None or total > NIP_DIGITS:
            break
        parts.append(group.digits)
        totals.append(total)
    if totals[-1] < LANDLINE_DIGITS.start:
        return 1, ""
    for count in range(len(parts), 1, -1):
        if totals[count - 1] in SPACED_DIGITS and (label := _spaced_label(parts[:count])):
            return count, label
    phone = _phone_groups(groups, index, totals, plain)
    if phone:
        return phone, PHONE
    return 1, _run_label(parts[0])


def _run_label(digits: str) -> str:
    """The label of digits written without a break."""
    if len(digits) < LONG_RUN:
        return ""
    if len(digits) == NIK_DIGITS:
        return NPWP if digits.startswith("0") else NIK  # the NPWP of an organisation begins with 0
    return {NPWP_DIGITS: NPWP, NIP_DIGITS: NIP}.get(len(digits), NUMBER)


def _spaced_label(parts: list[str]) -> str:
    """The label of one number written in several groups, "" where they are several harmless figures."""
    digits = "".join(parts)
    if _CREDIBLE_NIP.fullmatch(digits):
        return NIP
    shape = tuple(map(len, parts))
    if (len(parts) <= LOOSE_GROUPS or shape == PAIRS) and _CREDIBLE_NIK.fullmatch(digits):
        return NIK
    label = SHAPES.get(shape, "")
    if label and sum(_YEAR_OR_DATE.fullmatch(part) is not None for part in parts) >= MANY_YEARS:
        return ""
    if label == NIK and digits.startswith("0"):  # no province is 0x: a mobile and a year, or an organisation's NPWP
        return "" if digits.startswith("08") else NPWP
    return label


def _phone_groups(groups: list[_Group], index: int, totals: list[int], plain: str) -> int:
    """How many groups from ``index`` on are one telephone number, 0 for none.

    ``totals`` are the digits of the first one, two, three … groups together.
    """
    first = groups[index]
    if first.digits[0] not in "06":
        return 0
    plus = "+" if plain[first.start - 1 : first.start] == "+" else ""
    following = groups[index + 1] if len(totals) > 1 else None
    joint = "." if following and following.joint == "." else " "
    beginning = f"{plus}{first.digits}{joint}{following.digits if following else ''}"
    allowed = next((digits for pattern, digits in _BEGINNINGS if pattern.match(beginning)), NO_DIGITS)
    if totals[0] in allowed:  # whole already: what follows is another figure
        return 1
    if first.joint in {".", "-"} and len(first.digits) < SHORTEST_PREFIX:  # in Rp 1.021.500.000 and 2018-05-08 2019-01
        return 0
    return max((count for count, total in enumerate(totals, start=1) if total in allowed), default=0)
