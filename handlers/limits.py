"""How fast the bot may write: Telegram's limits as arithmetic. Pure; times are seconds of a clock that never goes back.

Figures: about 30 messages a second over all, one a second in a private chat with short bursts allowed, 20 a minute in a
group (core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this).
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Protocol

MINUTE = 60.0
"""Seconds in which messages to a group are counted."""

LONG_AGO = float("-inf")

BURST_OF_ALL = 3
"""Which part of a second's messages may go at once after a pause: with a third, a short delay is made up for."""


class LimitSettings(Protocol):
    """The ``limits`` section of the configuration."""

    @property
    def flood_questions(self) -> int:
        """Questions of a person within a minute that are answered."""

    @property
    def late_after_minutes(self) -> float:
        """How old a question is when its answer begins with an apology."""

    @property
    def overall_per_second(self) -> int:
        """Messages a second to all chats together."""

    @property
    def private_burst(self) -> int:
        """Messages that may come at once in a private chat; afterwards one a second."""

    @property
    def group_per_minute(self) -> int:
        """Messages to a group in any 60 seconds."""

    @property
    def side_by_side(self) -> int:
        """Messages that are being sent at the same time."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits that hold where nothing is set."""

    flood_questions: int = 20  # of one person within a minute
    late_after_minutes: float = 10
    overall_per_second: int = 30
    private_burst: int = 3
    group_per_minute: int = 20
    side_by_side: int = 8


class Pace(Protocol):
    """When the next message may go."""

    def free_at(self) -> float:
        """The earliest moment for the next one; the past where it may go at once."""

    def taken_at(self) -> float:
        """Since when at the latest no message was counted."""

    def take(self, now: float) -> None:
        """Counts a message."""


class Window:
    """At most ``most`` messages in any ``span`` seconds.

    >>> window = Window(2, 60.0)
    >>> window.take(0.0), window.take(10.0), window.free_at()
    (None, None, 60.0)
    """

    def __init__(self, most: int, span: float) -> None:
        self._times: deque[float] = deque(maxlen=most)
        self._most, self._span = most, span

    def free_at(self) -> float:
        """The earliest moment for the next one."""
        return LONG_AGO if len(self._times) < self._most else self._times[0] + self._span

    def taken_at(self) -> float:
        """When the last one was counted."""
        return self._times[-1] if self._times else LONG_AGO

    def take(self, now: float) -> None:
        """Counts a message."""
        self._times.append(now)


class Burst:
    """One message every ``period`` seconds, of which ``most`` may come at once after a pause.

    It is the generic cell rate algorithm (ITU-T I.371).

    >>> burst = Burst(2, 1.0)
    >>> burst.take(0.0), burst.take(0.0), burst.free_at()
    (None, None, 1.0)
    """

    def __init__(self, most: int, period: float) -> None:
        self._slack, self._period = (most - 1) * period, period
        self._due = LONG_AGO  # when the next one would be due, if they came evenly

    def free_at(self) -> float:
        """The earliest moment for the next one."""
        return self._due - self._slack

    def taken_at(self) -> float:
        """When the last one was counted, or a little later."""
        return self._due

    def take(self, now: float) -> None:
        """Counts a message."""
        self._due = max(self._due, now) + self._period


def pace_of(chat: int, limits: LimitSettings) -> Pace:
    """The pace of one chat; groups have negative ids."""
    return Window(limits.group_per_minute, MINUTE) if chat < 0 else Burst(limits.private_burst, 1.0)


def pace_of_all(limits: LimitSettings) -> Pace:
    """The pace of all chats together."""
    return Burst(max(1, limits.overall_per_second // BURST_OF_ALL), 1 / limits.overall_per_second)
