"""Every region of the knowledge has its time of day."""

from __future__ import annotations

import pytest

from bot.dialogue.mind import Mind
from bot.model import RegionType, Zone
from bot.regions.zones import zone_of

IN_ZONE = {Zone.WIB: 18, Zone.WITA: 12, Zone.WIT: 8}  # provinces, of 38


def test_every_province_has_a_zone(mind: Mind) -> None:
    zones = [zone_of(r.code) for r in mind.knowledge.regions.values() if r.type is RegionType.PROVINCE]
    assert {zone: zones.count(zone) for zone in set(zones)} == IN_ZONE


@pytest.mark.parametrize(
    ("name", "zone"),
    [
        ("Kota Sabang", Zone.WIB),
        ("Kabupaten Lamongan", Zone.WIB),
        ("Kota Pontianak", Zone.WIB),
        ("Kota Palangkaraya", Zone.WIB),
        ("Kota Banjarmasin", Zone.WITA),
        ("Kota Denpasar", Zone.WITA),
        ("Kota Kupang", Zone.WITA),
        ("Kota Makassar", Zone.WITA),
        ("Kota Ambon", Zone.WIT),
        ("Kota Ternate", Zone.WIT),
        ("Kota Sorong", Zone.WIT),
        ("Kabupaten Merauke", Zone.WIT),
    ],
)
def test_a_region_has_the_zone_of_its_province(mind: Mind, name: str, zone: Zone) -> None:
    (code,) = [region.code for region in mind.knowledge.regions.values() if region.full_name == name]
    assert zone_of(code) is zone


def test_an_unknown_province_has_none() -> None:
    assert zone_of("99.01") is None
