"""Groups without a medium: their region and time, and which answers are pointed to."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.chats import ANSWER_LIFE, Chats
from bot.dialogue.mind import Mind
from bot.model import Asker, Attachment, ChatSettings, Decision, GroupRules, Reply, Zone
from bot.store.store import Store

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
MEMBER = Asker("101", "-1001", group=True)
ANSWER = Reply(Decision.ANSWER, "Ya, ikut.", footer="Sumber: A")


@pytest.fixture
async def chats(mind: Mind) -> AsyncIterator[Chats]:
    """Groups with an empty database."""
    store = await Store.open("sqlite+aiosqlite://")
    yield Chats(store, lambda: mind)
    await store.close()


async def test_the_zone_of_the_region_wins_over_the_one_chosen(chats: Chats, mind: Mind) -> None:
    assert await chats.rules("-1001") == GroupRules()
    await chats.change("-1001", ChatSettings(zone=Zone.WITA), NOW)
    assert (await chats.rules("-1001")).zone is Zone.WITA
    await chats.set_region("-1001", "91.71", NOW)
    rules = await chats.rules("-1001")
    assert (rules.region, rules.zone) == (mind.knowledge.regions["91.71"], Zone.WIT)
    await chats.set_region("-1001", "", NOW)
    assert (await chats.rules("-1001")).zone is Zone.WITA


@pytest.mark.parametrize("code", ["35", "99.99", "x"])
async def test_only_a_kabupaten_or_kota_can_be_a_groups_region(chats: Chats, code: str) -> None:
    with pytest.raises(ValueError, match="no kabupaten or kota"):
        await chats.set_region("-1001", code, NOW)
    assert (await chats.rules("-1001")).region is None


async def test_every_region_can_be_reached_through_its_province(chats: Chats, mind: Mind) -> None:
    provinces = chats.provinces()
    reached = [region.code for province in provinces for region in chats.regions_of(province.code)]
    assert (len(provinces), len(reached)) == (38, 514)
    assert set(reached) | {province.code for province in provinces} == set(mind.knowledge.regions)
    assert chats.regions_of("35.24") == ()


@pytest.mark.parametrize(
    ("reply", "known"),
    [
        pytest.param(ANSWER, True, id="same"),
        pytest.param(replace(ANSWER, score=0.5, question_id=9, entries=("x",)), True, id="by another question"),
        pytest.param(replace(ANSWER, text="Tidak tercantum."), False, id="other words"),
        pytest.param(replace(ANSWER, footer="Sumber: B"), False, id="other source"),
        pytest.param(replace(ANSWER, footer=""), False, id="no source: small talk"),
        pytest.param(replace(ANSWER, decision=Decision.CLARIFY), False, id="a question back"),
        pytest.param(replace(ANSWER, file=Attachment("a.xlsx", b"x")), False, id="with a file"),
    ],
)
async def test_which_answer_stands_already(chats: Chats, reply: Reply, known: bool) -> None:
    await chats.remember(MEMBER, chats.digest(ANSWER), 55, NOW)
    found = await chats.earlier(replace(MEMBER, person="102"), reply, NOW + ANSWER_LIFE)
    assert (found is not None) is known
    assert await chats.earlier(MEMBER, reply, NOW + ANSWER_LIFE + timedelta(seconds=1)) is None


async def test_what_is_not_worth_it_is_not_remembered(chats: Chats) -> None:
    greeting = replace(ANSWER, footer="")
    await chats.remember(MEMBER, chats.digest(greeting), 55, NOW)
    assert await chats.earlier(MEMBER, replace(greeting, footer="Sumber: A"), NOW) is None
