"""Twenty questions a minute are answered, one notice a minute tells of the others."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from handlers.floods import Floods, Verdict

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


def verdicts(floods: Floods, seconds: Sequence[float], person: str = "101", first: int = 1) -> list[Verdict]:
    return [floods.judge(person, NOW + timedelta(seconds=at), first + number) for number, at in enumerate(seconds)]


def test_the_twenty_first_within_a_minute_rests() -> None:
    seen = verdicts(Floods(), range(25))
    assert seen == [Verdict.ANSWER] * 20 + [Verdict.NOTICE] + [Verdict.SILENCE] * 4


def test_who_slows_down_is_answered_again() -> None:
    """What was not answered does not count."""
    floods = Floods()
    verdicts(floods, [0] * 40)
    assert verdicts(floods, [59, 60], first=50) == [Verdict.SILENCE, Verdict.ANSWER]


def test_one_notice_in_each_minute() -> None:
    seen = verdicts(Floods(most=1), [0, 1, 2, 60, 61, 62, 119, 120])
    assert [index for index, verdict in enumerate(seen) if verdict is Verdict.NOTICE] == [1, 4]


def test_twenty_in_any_minute_not_in_that_of_the_clock() -> None:
    seen = verdicts(Floods(most=2), [50, 59, 61, 109, 111])
    assert seen == [Verdict.ANSWER, Verdict.ANSWER, Verdict.NOTICE, Verdict.SILENCE, Verdict.ANSWER]


def test_everybody_has_their_own_pace() -> None:
    floods = Floods(most=1)
    assert verdicts(floods, [0], "101") == verdicts(floods, [0], "102", first=2) == [Verdict.ANSWER]


def test_an_update_that_is_handled_again_gets_the_same() -> None:
    """Otherwise a fault of the database would count as a question, and a notice would be lost."""
    floods = Floods(most=1)
    assert floods.judge("101", NOW, 1) is floods.judge("101", NOW, 1) is Verdict.ANSWER
    assert floods.judge("101", NOW, 2) is floods.judge("101", NOW, 2) is Verdict.NOTICE
