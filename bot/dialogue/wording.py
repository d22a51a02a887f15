"""Dates, lists and source lines as officials read them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from bot.dialogue.mind import Mind
from bot.model import Source

_HALF_YEARS = "Januari Februari Maret April Mei Juni", "Juli Agustus September Oktober November Desember"
_MONTHS = [month for half in _HALF_YEARS for month in half.split()]
_SHORT = 3  # letters of a short month
_PARTS_OF_A_DATE = 3
LONGEST_REFERENCE = 256  # characters that a Telegram button can copy; UTF-16 units here, which is never too generous


def long_date(day: date) -> str:
    """The day with its month in full.

    >>> long_date(date(2018, 5, 8))
    '8 Mei 2018'
    """
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def short_date(day: date) -> str:
    """The day with its month in three letters.

    >>> short_date(date(2026, 11, 21))
    '21 Nov 2026'
    """
    return f"{day.day} {_MONTHS[day.month - 1][:_SHORT]} {day.year}"


def published(source: Source) -> str:
    """When a source appeared, as exactly as is known: "6 Feb 2019", "Feb 2019", "2019" or ""."""
    parts = [int(part) for part in source.published.split("-") if part]
    if len(parts) == _PARTS_OF_A_DATE:
        return short_date(date(*parts))
    if len(parts) > 1:
        return f"{_MONTHS[parts[1] - 1][:_SHORT]} {parts[0]}"
    return str(parts[0]) if parts else ""


def name_source(source: Source) -> str:
    """A source in half a line: publisher or title, and date."""
    title = source.title
    if source.publisher and source.publisher.casefold() not in title.casefold():
        title = f"{title}, {source.publisher}"
    when = published(source)
    return f"{title} ({when})" if when and when not in title else title


def cite(sources: Iterable[str], checked: date, mind: Mind) -> str:
    """The first known of ``sources`` (ids) for a letter: title, date, address and the day of the last check.

    At most ``LONGEST_REFERENCE`` long: a long title is shortened, an address never. "" where no source is known, or
    its address leaves no room for a title.
    """
    source = next((mind.knowledge.sources[i] for i in sources if i in mind.knowledge.sources), None)
    while source is not None:
        key = "rujukan" if source.url else "rujukan_tanpa_tautan"
        told = mind.says(key, sumber=name_source(source), tautan=source.url, tanggal=short_date(checked))
        excess = len(told.encode("utf-16-le")) // 2 - LONGEST_REFERENCE
        if excess <= 0:
            return told
        rest = source.title.rstrip("…")[: -(excess // 2 + 1)].rstrip()  # an emoji counts two
        source = replace(source, title=f"{rest}…") if rest else None
    return ""


def enumerate_words(items: Sequence[object]) -> str:
    """Joins with commas and "dan".

    >>> enumerate_words([2017, 2018, 2019])
    '2017, 2018, dan 2019'
    >>> enumerate_words(["A", "B"])
    'A dan B'
    """
    words = [str(item) for item in items]
    if len(words) > 2:  # noqa: PLR2004 - two items take no comma
        return f"{', '.join(words[:-1])}, dan {words[-1]}"
    return " dan ".join(words)
