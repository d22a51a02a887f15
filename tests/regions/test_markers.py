"""Words beside a name."""

from __future__ import annotations

import pytest

from bot.model import RegionType
from bot.regions.markers import is_office, type_of

TYPES = {
    "kab": RegionType.REGENCY,
    "pemkot": RegionType.CITY,
    "regency": RegionType.REGENCY,
    "prov": RegionType.PROVINCE,
    "kabuptan": RegionType.REGENCY,
    "kotamdya": RegionType.CITY,
    "provnsi": RegionType.PROVINCE,
    "profesi": None,
    "kabar": None,
    "kotak": None,
}


@pytest.mark.parametrize(("word", "kind"), TYPES.items())
def test_type_of(word: str, kind: RegionType | None) -> None:
    """Type words count in all their forms, long ones with a slip too."""
    assert type_of(word) is kind


OFFICES = {"diskominfo": True, "dinkominfo": True, "diskominfotik": True, "bappeda": True, "kominfo": False}


@pytest.mark.parametrize(("word", "office"), OFFICES.items())
def test_is_office(word: str, office: bool) -> None:
    """Offices that every region has; the ministry itself is none."""
    assert is_office(word) is office
