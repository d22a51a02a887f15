"""Which of the three times of day a province has."""

from __future__ import annotations

from bot.model import Zone

_PROVINCES = {
    Zone.WIB: "11 12 13 14 15 16 17 18 19 21 31 32 33 34 35 36 61 62",  # Sumatera, Jawa, West and Central Kalimantan
    Zone.WITA: "51 52 53 63 64 65 71 72 73 74 75 76",  # Bali, Nusa Tenggara, the rest of Kalimantan, Sulawesi
    Zone.WIT: "81 82 91 92 93 94 95 96",  # Maluku, Papua
}
"""Keputusan Presiden 41/1987; provinces that were formed since then have the time of the one they came from."""

_ZONES = {province: zone for zone, provinces in _PROVINCES.items() for province in provinces.split()}
_PROVINCE_CODE = 2  # digits


def zone_of(code: str) -> Zone | None:
    """The zone of a province, kabupaten or kota by its code; None for a province that is not in the table.

    >>> zone_of("35.24").value, zone_of("91").value, zone_of("99.01")
    ('WIB', 'WIT', None)
    """
    return _ZONES.get(code[:_PROVINCE_CODE])
