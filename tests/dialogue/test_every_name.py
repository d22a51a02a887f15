"""Every name of the region table is understood in a sentence, through the whole turn: what it leads to is that region.

552 names, each in four sentences; what is told of the region is tested in ``test_table.py``.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from bot.dialogue.compose import Setting
from bot.dialogue.mind import Mind
from bot.dialogue.model import Context, QueryKind, RegionQuery
from bot.dialogue.table import table_reply
from bot.dialogue.turn import take_turn
from bot.model import Region, RegionType

NAMES = 552  # 514 kabupaten and kota, 38 provinces
TODAY = Setting(date(2026, 11, 21))
OF_A_REGION = (
    ("apakah {} ikut tahun 2018?", (2018,)),
    ("min, {} terpilihnya kapan ya", ()),
    ("Mohon informasi status keikutsertaan {}.", ()),
    ("was {} selected in 2022", (2022,)),
)
"""Sentences about a kabupaten or kota, and the years that they name."""
OF_A_PROVINCE = (
    ("daftar peserta dari {}", QueryKind.LIST, ()),
    ("di {} siapa aja yg ikut 2018?", QueryKind.LIST, (2018,)),
    ("Berapa jumlah peserta {}?", QueryKind.COUNT, ()),
    ("which regions in {} were selected in 2019", QueryKind.LIST, (2019,)),
)


def expected(region: Region) -> Iterator[tuple[str, RegionQuery]]:
    """Questions about a region, and what the table shall be asked."""
    if region.type is RegionType.PROVINCE:
        for sentence, kind, years in OF_A_PROVINCE:
            yield sentence.format(region.full_name), RegionQuery(kind, provinces=(region.code,), years=years)
    else:
        for sentence, years in OF_A_REGION:
            yield (
                sentence.format(region.full_name),
                RegionQuery(QueryKind.MEMBERSHIP, regions=(region.code,), years=years),
            )


ISLANDS = "12356789"  # first digits of all codes: Sumatra, Kepulauan Riau, Java, Bali and Nusa Tenggara, …


@pytest.mark.parametrize("island", ISLANDS)
def test_every_full_name_is_understood(mind: Mind, island: str) -> None:
    """A question in words about any region is answered like the table when it is asked by code."""
    regions = [region for region in mind.knowledge.regions.values() if region.code.startswith(island)]
    wrong = {
        question: told
        for region in regions
        for question, query in expected(region)
        if (told := take_turn(question, Context(), mind, TODAY, None).reply.text) != table_reply(query, mind).text
    }
    assert wrong == {}


def test_the_codes_above_reach_every_region(mind: Mind) -> None:
    assert len(mind.knowledge.regions) == NAMES
    assert {code[0] for code in mind.knowledge.regions} == set(ISLANDS)
