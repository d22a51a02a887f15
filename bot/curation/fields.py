"""The kinds of text that knowledge files hold, each with what is wrong when it is not one, in Bahasa Indonesia."""

from __future__ import annotations

import re
import string
from datetime import date
from functools import partial
from typing import Annotated, Any, TypeAlias

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, WithJsonSchema
from pydantic_core import PydanticCustomError

FAULT = "fault"  # the type of our own errors, which need no translation

ID_PATTERN = r"^[a-z0-9-]{1,40}$"  # ids travel in buttons (64 bytes at most) and deep links
PROVINCE_PATTERN = r"^\d{2}$"
REGENCY_PATTERN = r"^\d{2}\.\d{2}$"
REGION_PATTERN = r"^\d{2}(\.\d{2})?$"
ONE_LINE_PATTERN = r"^[^\n]*$"

MAX_TITLE = 60  # characters; a longer button label is cut by phones
MAX_SHORT = 300  # characters, for groups and inline mode
MAX_ANSWER = 3500  # characters; with its footer it stays below the 4096 of a Telegram message
MAX_LINE = 500  # characters of a question, a name, a note
MAX_TOAST = 200  # characters that Telegram shows on a pressed button
MAX_DESCRIPTION, MAX_SHORT_DESCRIPTION = 512, 120  # characters of the bot's profile
MAX_COMMAND = 256  # characters of a line in a menu of commands
FIRST_YEAR, LAST_YEAR = 2017, 2100  # the programme began in 2017
MAX_COUNT = 600  # kabupaten and kota; there are 514, with room for new ones
MAX_NUMBER = 20  # of a bimtek, a book, a phase

_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_DAY_FIRST = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})")
_PUBLISHED = re.compile(r"(\d{4})(-\d{2})?(-\d{2})?")
_ADDRESS = re.compile(r"https?://[^\s/]+\.[^\s]+")
_BULLET = re.compile(r"-[^\W\d]|[•·▪–—] ?\w")  # what is meant for the "- " of a list
_LINK = re.compile(r"\[[^\]]+\]\(([^)]+)\)")
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")


def fault(reason: str, row: int = -1) -> PydanticCustomError:
    """The error that tells ``reason`` as it is; ``row`` counts the lines of the text from 0, -1 for all of it."""
    return PydanticCustomError(FAULT, "{reason}", {"reason": reason, "row": row})


def _whole_number(value: object) -> object:
    if not isinstance(value, str) or not re.fullmatch(r"\d{1,6}", value):
        raise fault("harus berupa bilangan bulat tanpa titik atau satuan, misalnya 50")
    return value


def _fraction(value: object) -> object:
    if not isinstance(value, str) or not re.fullmatch(r"\d(\.\d{1,6})?", value):
        raise fault("harus berupa angka 0 sampai 1 dengan titik, misalnya 0.65")
    return value


def _yes_no(value: object) -> object:
    if value not in ("ya", "tidak"):
        raise fault("diisi ya atau tidak (huruf kecil)")
    return value == "ya"


def _day(value: object) -> object:
    """Only YYYY-MM-DD: pydantic would also take seconds since 1970."""
    text = value if isinstance(value, str) else ""
    if _ISO_DAY.fullmatch(text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            raise fault(f"berisi {text}, yang tidak ada di kalender. Tulis tahun-bulan-hari") from None
    hint = ""
    if swapped := _DAY_FIRST.fullmatch(text):
        hint = f'. Maksudnya "{swapped[3]}-{int(swapped[2]):02}-{int(swapped[1]):02}"?'
    raise fault(f"harus tanggal tahun-bulan-hari, misalnya 2026-11-21{hint}")


def _published(text: str) -> str:
    found = _PUBLISHED.fullmatch(text)
    try:
        if found:
            date.fromisoformat(found[1] + (found[2] or "-01") + (found[3] or "-01"))
            return text
    except ValueError:
        pass
    raise fault("harus ditulis seperti 2019-02-06, 2019-02 atau 2019, setepat yang diketahui")


def _address(text: str) -> str:
    if "…" in text or "..." in text:
        raise fault("terpotong (…). Salin alamat lengkapnya dari peramban")
    if not _ADDRESS.fullmatch(text):
        raise fault("harus diawali http:// atau https:// dan tanpa spasi")
    return text


def _plain_text(text: str) -> str:
    """Only paragraphs, "- " lines, ``*tebal*`` and bare addresses; ``row`` tells which line of the text is wrong."""
    for row, line in enumerate(text.split("\n")):
        if tag := _TAG.search(line):
            reason = f"memuat kode HTML {tag[0]}. Hapus kode itu; untuk huruf tebal tulis *begini*"
        elif line.startswith("* "):
            reason = 'memuat baris daftar yang diawali "* ". Awali dengan "- "'
        elif _BULLET.match(line):
            reason = f'memuat baris yang diawali "{line[:2]}". Untuk daftar, awali dengan "- " (strip, lalu spasi)'
        elif link := _LINK.search(line):
            reason = f"memuat tautan {link[0]}. Tulis alamatnya saja: {link[1]}"
        elif "**" in line:
            reason = "memuat tanda **. Untuk huruf tebal cukup satu bintang di tiap sisi: *begini*"
        elif line.count("*") % 2:
            reason = "memuat tanda * tanpa pasangan di baris yang sama. Untuk huruf tebal tulis *begini*"
        else:
            continue
        raise fault(reason, row)
    return text


def _placeholders(allowed: frozenset[str], text: str) -> str:
    known = ", ".join(f"{{{name}}}" for name in sorted(allowed)) or "tidak ada"
    try:
        found = [part[1:] for part in string.Formatter().parse(text) if part[1] is not None]
    except ValueError:
        found = [("", "", None)]
    for name, form, conversion in found:
        if not name or form or conversion or not re.fullmatch(r"\w+", name):
            raise fault(f"memuat kurung kurawal yang rusak. Tulis {{nama}} lengkap; yang tersedia: {known}")
        if name not in allowed:
            raise fault(f"memuat {{{name}}}, yang tidak tersedia di sini. Yang tersedia: {known}")
    return text


def _line(max_length: int) -> Any:
    return StringConstraints(strip_whitespace=True, min_length=1, max_length=max_length, pattern=ONE_LINE_PATTERN)


Identifier: TypeAlias = Annotated[str, Field(pattern=ID_PATTERN)]
RegionCode: TypeAlias = Annotated[str, Field(pattern=REGION_PATTERN)]
Line: TypeAlias = Annotated[str, _line(MAX_LINE)]
Title: TypeAlias = Annotated[str, _line(MAX_TITLE)]
Text: TypeAlias = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_ANSWER), AfterValidator(_plain_text)
]
ShortText: TypeAlias = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_SHORT), AfterValidator(_plain_text)
]
Day: TypeAlias = Annotated[date, BeforeValidator(_day)]
Address: TypeAlias = Annotated[str, AfterValidator(_address)]
Published: TypeAlias = Annotated[str, AfterValidator(_published)]
Year: TypeAlias = Annotated[int, Field(ge=FIRST_YEAR, le=LAST_YEAR), BeforeValidator(_whole_number)]
Number: TypeAlias = Annotated[int, Field(ge=1, le=MAX_NUMBER), BeforeValidator(_whole_number)]
Count: TypeAlias = Annotated[int, Field(ge=0, le=MAX_COUNT), BeforeValidator(_whole_number)]
Fraction: TypeAlias = Annotated[float, Field(ge=0, le=1), BeforeValidator(_fraction)]
YesNo: TypeAlias = Annotated[bool, BeforeValidator(_yes_no), WithJsonSchema({"enum": ["ya", "tidak"]})]
Identifiers: TypeAlias = tuple[Identifier, ...]
ProvinceCode: TypeAlias = Annotated[str, Field(pattern=PROVINCE_PATTERN)]
RegencyCode: TypeAlias = Annotated[str, Field(pattern=REGENCY_PATTERN)]
Note: TypeAlias = Annotated[str, StringConstraints(strip_whitespace=True, max_length=MAX_LINE)]  # may be empty


def message_text(allowed: frozenset[str], longest: int = MAX_ANSWER) -> Any:
    """The type of a sentence of the bot in which only the given ``{placeholders}`` may stand.

    ``longest`` is in characters: a message, or less where Telegram shows less.
    """
    fitting = StringConstraints(strip_whitespace=True, min_length=1, max_length=longest)
    return Annotated[str, fitting, AfterValidator(_plain_text), AfterValidator(partial(_placeholders, allowed))]


def button_text(allowed: frozenset[str]) -> Any:
    """The type of what stands on a button of the bot; the same placeholders, but as short as a title."""
    return Annotated[Title, AfterValidator(partial(_placeholders, allowed))]


def command_text() -> Any:
    """The type of a line in a menu of commands."""
    return Annotated[str, _line(MAX_COMMAND), AfterValidator(partial(_placeholders, frozenset()))]
