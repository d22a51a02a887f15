"""The words that stand beside a place name and say what it is: "kab.", "pemkot", "bupati", "ikut"."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from rapidfuzz.distance import OSA

from bot.model import RegionType

_TYPE_WORDS: Mapping[str, RegionType] = {
    **dict.fromkeys(
        ("kab", "kabupaten", "pemkab", "regency"),
        RegionType.REGENCY,
    ),
    **dict.fromkeys(
        ("kota", "kotamadya", "kodya", "pemkot", "city", "municipality"),
        RegionType.CITY,
    ),
    **dict.fromkeys(
        ("provinsi", "propinsi", "prov", "prop", "pemprov", "province"),
        RegionType.PROVINCE,
    ),
}
"""Said before or after a name, they decide between namesakes and belong to the mention."""
_MISTYPED = {"kabupaten": 2, "kotamadya": 2, "provinsi": 1}  # long type words and the edits they are recognised with
_SHORTEST_MISTYPED = 7  # letters

TITLES: Mapping[str, RegionType] = {
    "bupati": RegionType.REGENCY,
    "wabup": RegionType.REGENCY,
    "regent": RegionType.REGENCY,
    "walikota": RegionType.CITY,
    "wako": RegionType.CITY,
    "wawali": RegionType.CITY,
    "mayor": RegionType.CITY,
    "gubernur": RegionType.PROVINCE,
    "wagub": RegionType.PROVINCE,
    "governor": RegionType.PROVINCE,
}
"""Heads of regions: they decide as well, but a question about the head keeps the word."""

_OFFICES = """
pemda pemerintah bappeda bapeda bapperida baperida bappelitbangda bapelitbangda bappelitbang baperlitbang
baperlitbangda bapperlitbang administrasi adm
"""
OFFICES = frozenset(_OFFICES.split())
"""Offices of any region: they belong to the mention and show that a place follows."""
_COMMUNICATION_OFFICE = re.compile(r"(?:dis|din|dinas)[a-z]{0,5}kominfo[a-z]{0,6}")

DAERAH_OF = "pemerintah"  # "pemerintah daerah X"; elsewhere "daerah" is the ordinary word
DAERAH = "daerah"
PULAU = "pulau"
OF = "of"
SMART_CITY = ("smart", "city")  # no city of any name
WALI, KOTA = "wali", "kota"  # "wali kota X" is the mayor, not the city
BEFORE_KOTA = frozenset({WALI, "ibu"})  # with which "kota" is a word of its own: "wali kota baru", "ibu kota baru"
PREFIXES = ("antar", "pasca", "multi", "non", "pra", "sub")  # written together with an ordinary word: "antarnegara"

GLUED_MARKERS = (
    "kabupaten", "kotamadya", "diskominfo", "dinkominfo", "provinsi", "propinsi",
    "pemprov", "pemkab", "pemkot", "bappeda", "pemda", "kodya", "kota", "prov", "kab",
)  # fmt: skip
"""Written without a space before a name ("kotabekasi"); longest first."""
GLUED_PREPOSITIONS = ("dari", "di", "ke", "se")  # "dilamongan", "sejateng"
SUFFIXES = ("nya", "kah", "lah", "pun", "ku", "mu")

JOINERS = frozenset({"dan", "atau", "and", "or", "maupun", "ato", "dn"})
"""Between two types of one name: "Bogor kota dan kabupaten"."""

RELATIVES = frozenset({"yang", "yg"})  # "Bogor yang kota"

_AFTER_KOTA = """
cerdas pintar hijau kami kita saya sy anda mana yang yg lain lainnya kecil besar sedang tua layak ramah wisata
tertentu apa se di ini itu tersebut tsb terpilih metropolitan industri pusaka kreatif sehat tangguh dunia smart masa
pelajar budaya bersih asal tetangga dengan dgn
"""
AFTER_KOTA = frozenset(_AFTER_KOTA.split())
"""After these "kota" is the ordinary word: "Semarang kota yang …", "kota cerdas"."""

_AFTER_A_MEMBER = """
ikut ikutan termasuk masuk udah udh sudah sdh dah terpilih kepilih lolos keterima diterima peserta pernah prnh belum
blm blum gabung bergabung terdaftar tercantum tercatat didampingi tahun thn gimana gmn bagaimana selected join joined
participate participating listed
"""
AFTER_A_MEMBER = frozenset(_AFTER_A_MEMBER.split())
"""What people say right after the region they ask about."""
_BEFORE_A_MEMBER = """
ikut termasuk peserta daerah wilayah asal tetangga kalau kalo klo kl kominfo dprd setda sekda is was did has about
"""
BEFORE_A_MEMBER = frozenset(_BEFORE_A_MEMBER.split())
"""What people say right before it."""

ORDINARY_PHRASES = frozenset(
    {
        ("batang", "tubuh"), ("puncak", "acara"), ("puncak", "peringatan"), ("puncak", "pimpinan"),
        ("puncak", "musim"), ("puncak", "hari"), ("puncak", "kegiatan"), ("puncak", "beban"), ("metro", "tv"),
        ("metro", "ethernet"), ("batu", "bata"), ("batu", "loncatan"), ("batu", "sandungan"), ("batu", "pijakan"),
        ("batu", "pertama"), ("batu", "kali"), ("batu", "alam"), ("malang", "melintang"), ("malang", "nian"),
        ("malang", "sekali"), ("pati", "singkong"), ("pati", "jagung"), ("karo", "hukum"), ("karo", "organisasi"),
        ("karo", "umum"), ("karo", "humas"), ("karo", "ortala"), ("karo", "perencanaan"), ("palu", "arit"),
        ("palu", "sidang"), ("palu", "hakim"), ("medan", "perang"), ("medan", "magnet"),
        ("medan", "terjal"), ("medan", "sulit"), ("solo", "karier"), ("solo", "karir"),
        ("kuningan", "logam"), ("padang", "rumput"), ("padang", "pasir"), ("java", "script"),
    }
)  # fmt: skip
"""Two ordinary words of which the first alone would be a place."""
NOT_A_PLACE_AFTER = frozenset({"bahasa", "aksara", "suku", "jl", "jln"})  # "bahasa Jawa", "Jl. Medan"


@lru_cache(4096)
def type_of(word: str) -> RegionType | None:
    """The type that a word says, also where a long one is mistyped; None for any other word.

    >>> type_of("kab"), type_of("kabuptaen"), type_of("kabar")
    (<RegionType.REGENCY: 'kabupaten'>, <RegionType.REGENCY: 'kabupaten'>, None)
    """
    if word in _TYPE_WORDS or len(word) < _SHORTEST_MISTYPED:
        return _TYPE_WORDS.get(word)
    meant = (known for known, edits in _MISTYPED.items() if OSA.distance(word, known, score_cutoff=edits) <= edits)
    return _TYPE_WORDS.get(next(meant, ""))


def is_office(word: str) -> bool:
    """Tells whether a word names an office that every region has.

    >>> is_office("diskominfotik"), is_office("bappeda"), is_office("kementerian")
    (True, True, False)
    """
    return word in OFFICES or bool(_COMMUNICATION_OFFICE.fullmatch(word))
