"""What the settings of a group mean."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.model import ChatSettings, GroupRules, Quiet, Zone


@pytest.mark.parametrize(
    ("quiet", "hours"),
    [
        (Quiet(21, 6), {21, 22, 23, 0, 1, 2, 3, 4, 5}),
        (Quiet(0, 5), {0, 1, 2, 3, 4}),
        (Quiet(9, 12), {9, 10, 11}),
        (Quiet(23, 0), {23}),
        (Quiet(7, 7), set()),
    ],
)
def test_quiet_hours_may_go_over_midnight(quiet: Quiet, hours: set[int]) -> None:
    assert {hour for hour in range(24) if quiet.covers(hour)} == hours


@pytest.mark.parametrize(
    ("zone", "told"), [(Zone.WIB, "23.05 WIB"), (Zone.WITA, "00.05 WITA"), (Zone.WIT, "01.05 WIT"), (None, "23.05 WIB")]
)
def test_the_clock_of_a_group(zone: Zone | None, told: str) -> None:
    """Where no zone is known, that of the capital counts."""
    assert GroupRules(zone=zone).clock(datetime(2026, 11, 21, 16, 5, tzinfo=UTC)) == told


@pytest.mark.parametrize(("zone", "resting"), [(Zone.WIB, False), (Zone.WITA, True), (Zone.WIT, True), (None, False)])
def test_quiet_hours_are_those_of_the_group(zone: Zone | None, resting: bool) -> None:
    rules = GroupRules(ChatSettings(quiet=Quiet(22, 6)), zone=zone)
    assert rules.rests_at(datetime(2026, 11, 21, 14, 30, tzinfo=UTC)) is resting


@pytest.mark.parametrize(
    ("topics", "allowed"),
    [
        (None, {"", "7", "8"}),
        ((), set()),
        ((("7", "Seleksi"),), {"7"}),
        ((("", "Umum"), ("8", "Bimtek")), {"", "8"}),
    ],
)
def test_topics(topics: tuple[tuple[str, str], ...] | None, allowed: set[str]) -> None:
    rules = GroupRules(ChatSettings(topics))
    assert {topic for topic in ("", "7", "8") if rules.speaks_in(topic)} == allowed
