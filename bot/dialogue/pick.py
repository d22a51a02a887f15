"""Answers by text to "yang mana?": a digit, "nomor 2", "yang kota", or the label itself."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from bot.dialogue.mind import Mind
from bot.dialogue.model import NONE, REGION, TABLE, Context, RegionQuery
from bot.dialogue.slots import read_slots
from bot.language.normalize import fold
from bot.model import RegionType

_DIGIT = re.compile(
    r"\W*(?:(?:yang|yg|nomor|no|nmr|pilih|pilihan|opsi)\W*){0,2}(\d{1,2})\W*(?:aja|saja|min|kak|pak|bu)?\W*"
)
_ORDINAL = {"pertama": 1, "kesatu": 1, "kedua": 2, "ketiga": 3, "keempat": 4, "terakhir": -1}
_ORDINAL_FORM = re.compile(r"\W*(?:yang|yg)\s+(" + "|".join(_ORDINAL) + r")\W*(?:aja|saja|min|kak|pak|bu)?\W*")
_WORDS = re.compile(r"[a-z0-9]+")
_TYPE_WORDS = {
    RegionType.CITY: {"kota", "kotanya", "kotamadya", "pemkot", "city"},
    RegionType.REGENCY: {"kab", "kabupaten", "kabupatennya", "kabnya", "pemkab", "regency"},
    RegionType.PROVINCE: {"prov", "provinsi", "provinsinya", "province"},
}
_YES_WORDS = "ya iya y yes ok oke okay boleh betul benar setuju silakan mau min pak bu kak dong tolong ingat simpan"
_YES = frozenset(_YES_WORDS.split())
_NONE = re.compile(
    r"\W*(?:(?:bukan|bkn)\s+(?:(?:yang|yg)\s+)?(?:(?:ini|itu)\s+)?semua(?:nya)?"
    r"|(?:tidak|tdk|tak|gak|ga|nggak|enggak)\s+ada(?:\s+(?:yang|yg)\s+(?:cocok|sesuai|pas|dimaksud))?(?:\s+semua(?:nya)?)?"
    r"|bukan\s+salah\s+satu(?:nya)?|none of (?:these|them|those))\W*(?:kak|min|pak|bu|mas|mbak)?\W*"
)
"""None of what was offered, in other words than those on its button."""
_ALL = frozenset(["duanya", "keduanya", "dua2nya", "semua", "semuanya", "both"])
_BOTH = _ALL.union(["dua", "kabupaten", "kota", "dan"])
_FILLING_WORDS = "ya dong saja aja min kak pak bu mas mbak tolong sekalian lah deh"
_FILLING = frozenset(_FILLING_WORDS.split())
FEW_WORDS = 5  # a longer text is a question of its own


def picked(text: str, context: Context, mind: Mind) -> str | None:
    """The id of the choice that a message picks from what was last offered, or None.

    Only choices of the last reply count; a message that is a question of its own picks nothing.
    """
    offered = [ident for ident, _ in context.choices]
    if not offered:
        return None
    plain = fold(text)
    number = _DIGIT.fullmatch(plain)
    asked_back = any(ident.partition(":")[0] == NONE or ident.startswith(f"{TABLE}:") for ident in offered)
    if number and (asked_back or plain.strip(" .)").isdigit()):
        return offered[int(number[1]) - 1] if 0 < int(number[1]) <= len(offered) else None
    ordinal = _ORDINAL_FORM.fullmatch(plain)
    if ordinal and asked_back:
        place = _ORDINAL[ordinal[1]]
        return offered[place - 1 if place > 0 else place] if place <= len(offered) else None
    said = _WORDS.findall(plain)
    if len(offered) == 1 and offered[0].startswith(f"{REGION}:") and said and set(said) <= _YES:
        return offered[0]
    for ident, label in context.choices:
        if said and said == _WORDS.findall(fold(label)):
            return ident
        if ident.partition(":")[0] == NONE and _NONE.fullmatch(plain):
            return ident
    if len(said) > FEW_WORDS:
        return None
    return _all_regions(said, context) or _by_region(text, context, mind)


def _all_regions(said: Sequence[str], context: Context) -> str | None:
    """ "dua-duanya", "kabupaten dan kota": every region that was offered, in one question."""
    words = set(said) - _FILLING
    if ("kota" in words) != ("kabupaten" in words):
        return None  # "semua kota"
    if words.isdisjoint(_ALL) and not words >= {"kabupaten", "kota"}:
        return None
    queries = [
        RegionQuery.decode(ident.partition(":")[2]) for ident, _ in context.choices if ident.startswith(f"{TABLE}:")
    ]
    one = {replace(query, regions=query.regions[:-1], mine=False) for query in queries}
    if not words <= _BOTH or len(one) != 1 or not all(query.regions for query in queries):
        return None
    base = one.pop()
    every = (*base.regions, *(query.regions[-1] for query in queries))
    return f"{TABLE}:{replace(base, regions=every).encode()}"


def _by_region(text: str, context: Context, mind: Mind) -> str | None:
    """ "yang kota", "kabupatennya", "yang Jabar": the one offered region that fits."""
    queries: dict[str, str] = {}
    for ident, _ in context.choices:
        if ident.startswith(f"{TABLE}:"):
            query = RegionQuery.decode(ident.partition(":")[2])
            if query.regions:
                queries[ident] = query.regions[-1]
    if len(queries) < 2:  # noqa: PLR2004 - nothing to choose between
        return None
    regions = mind.knowledge.regions
    named = {code for m in mind.gazetteer.find(text) for code in m.codes}
    kind = read_slots(text).type or _type_said(fold(text))
    fitting = [
        ident
        for ident, code in queries.items()
        if (kind is None or regions[code].type is kind)
        and (not named or code in named or regions[code].province in named)
        and (kind is not None or named)
    ]
    return fitting[0] if len(fitting) == 1 else None


def _type_said(plain: str) -> RegionType | None:
    words = set(_WORDS.findall(plain))
    kinds = [t for t, names in _TYPE_WORDS.items() if words & names]
    return kinds[0] if len(kinds) == 1 else None
