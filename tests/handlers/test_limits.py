"""The limits of Telegram as arithmetic."""

from __future__ import annotations

from dataclasses import asdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import config
from handlers.limits import LONG_AGO, Burst, Limits, Pace, Window, pace_of, pace_of_all

waits = st.lists(st.floats(0, 30), min_size=1, max_size=200)


def sent_at(pace: Pace, asked: list[float]) -> list[float]:
    """When messages go that are asked for one after the other, with these seconds in between."""
    now, times = 0.0, []
    for wait in asked:
        now = max(now + wait, pace.free_at())
        pace.take(now)
        times.append(now)
    return times


def test_the_limits_of_the_settings_are_those_that_hold_where_nothing_is_set() -> None:
    assert config.Limits().model_dump() == asdict(Limits())


@given(waits)
def test_a_group_gets_at_most_twenty_in_any_minute(asked: list[float]) -> None:
    times = sent_at(pace_of(-1, Limits()), asked)
    assert all(later - first >= 60 - 1e-6 for first, later in zip(times, times[20:], strict=False))


@given(waits)
def test_a_private_chat_gets_three_at_once_and_then_one_a_second(asked: list[float]) -> None:
    times = sent_at(pace_of(1, Limits()), asked)
    for burst in range(1, len(times)):
        assert all(b - a >= burst - 3 + 1 - 1 - 1e-6 for a, b in zip(times, times[burst:], strict=False))


@given(st.lists(st.floats(0, 0.2), min_size=1, max_size=300))
def test_all_chats_together_get_thirty_a_second_in_the_long_run(asked: list[float]) -> None:
    """After a pause a third of a second's messages may go at once."""
    times = sent_at(pace_of_all(Limits()), asked)
    assert all(b - a >= 1 - 10 / 30 - 1e-6 for a, b in zip(times, times[30:], strict=False))


@given(waits)
def test_nobody_waits_longer_than_needed(asked: list[float]) -> None:
    """A message waits only while twenty others have gone within the minute before."""
    window, now, times = Window(20, 60.0), 0.0, []
    for wait in asked:
        now += wait
        sent = max(now, window.free_at())
        assert sent == now or len([time for time in times if time > sent - 60 - 1e-6]) >= 20
        window.take(sent)
        times.append(sent)
        now = sent


@pytest.mark.parametrize("pace", [Window(2, 60.0), Burst(2, 1.0)], ids=["window", "burst"])
def test_the_first_goes_at_once(pace: Pace) -> None:
    assert pace.free_at() == LONG_AGO
