"""What the bot counts, in the format that Prometheus reads; names begin with ``tanya_``, times are seconds."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Protocol

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Info, generate_latest

from bot.model import Decision, Rejection

STEPS = (0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 1, 2, 5, 10, 30, 60, 300, 1800)
"""Upper ends of the histograms' classes, in seconds. 0.3 is what is promised; half an hour, an outage."""


MOST_ARRIVALS = 10_000
"""Updates of which is known when they came; those that nothing is answered to make room for new ones."""


class Overview(Protocol):
    """What waits in the store."""

    @property
    def unanswered(self) -> int:
        """Updates received and not handled."""

    @property
    def oldest_unanswered(self) -> datetime | None:
        """When the oldest of them came."""

    @property
    def unsent(self) -> int:
        """Messages that Telegram has not taken."""

    @property
    def oldest_unsent(self) -> datetime | None:
        """When the oldest of them was written."""

    @property
    def states(self) -> Mapping[Any, int]:
        """Updates of the last days by what has become of them."""


class Metrics:
    """The counters of one bot; they begin with 0 at every start. ``clock`` gives seconds from any moment.

    Example::

        metrics = Metrics()
        metrics.asked(Decision.ANSWER)
        metrics.page()
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._arrivals: dict[int, float] = {}  # when updates came whose answer is not sent, oldest first
        self._all = r = CollectorRegistry()  # its own: several bots in one process do not meet
        self._questions = Counter("tanya_questions", "Questions by decision", ["decision"], registry=r)
        to_queue, to_telegram = "From a question's arrival until its answer is kept", "… until Telegram has the answer"
        self._queued = Histogram("tanya_answer_queued_seconds", to_queue, buckets=STEPS, registry=r)
        self._sent = Histogram("tanya_answer_sent_seconds", to_telegram, buckets=STEPS, registry=r)
        self._failures = Counter("tanya_send_failures", "Failed calls of the Bot API", ["kind"], registry=r)
        self._repeats = Counter("tanya_send_repeats", "Messages sent again, as nobody knows if they came", registry=r)
        self._waiting = Gauge("tanya_queue_length", "Questions and messages that wait", ["queue"], registry=r)
        self._oldest = Gauge("tanya_queue_oldest_seconds", "How long the oldest waits", ["queue"], registry=r)
        self._states = Gauge("tanya_updates", "Updates that are kept, by state", ["state"], registry=r)
        self._knowledge = Info("tanya_knowledge", "The knowledge that answers", registry=r)
        self._rejected = Gauge("tanya_rejected_edit_problems", "Mistakes in the last edit", registry=r)
        self._since = Gauge("tanya_rejected_edit_since_seconds", "When it was rejected, Unix time", registry=r)
        self._receiving = Gauge("tanya_receiving", "1 while messages can come in", registry=r)
        for decision in Decision:
            self._questions.labels(decision.value)  # shown with 0 from the start, so that a rate can be told

    def asked(self, decision: Decision) -> None:
        """Counts a question."""
        self._questions.labels(decision.value).inc()

    def arrived(self, update_id: int) -> None:
        """Notes that an update has come; from here on its times count."""
        self._arrivals[update_id] = self._clock()
        if len(self._arrivals) > MOST_ARRIVALS:
            del self._arrivals[next(iter(self._arrivals))]

    def kept(self, update_id: int) -> None:
        """Notes that the answer to an update is kept, to be sent."""
        came = self._arrivals.get(update_id)
        if came is not None:
            self._queued.observe(self._clock() - came)

    def sent(self, update_id: int | None) -> None:
        """Notes that Telegram has the answer to an update; of several messages the first counts."""
        came = self._arrivals.pop(update_id, None) if update_id is not None else None
        if came is not None:
            self._sent.observe(self._clock() - came)

    def failed(self, kind: str) -> None:
        """Counts a call that failed; ``kind`` is one of a few words, never of a message."""
        self._failures.labels(kind).inc()

    def repeated(self) -> None:
        """Counts a message that is sent again."""
        self._repeats.inc()

    def page(
        self,
        overview: Overview,
        *,
        now: datetime,
        version: str,
        rejected: Rejection | None,
        receiving: bool,
    ) -> bytes:
        """The page that Prometheus reads, with the state of the moment."""
        self._waiting.labels("inbox").set(overview.unanswered)
        self._waiting.labels("outbox").set(overview.unsent)
        self._oldest.labels("inbox").set(age(overview.oldest_unanswered, now))
        self._oldest.labels("outbox").set(age(overview.oldest_unsent, now))
        self._states.clear()
        for state, number in overview.states.items():
            self._states.labels(str(state)).set(number)
        self._knowledge.info({"version": version})
        self._rejected.set(len(rejected.problems) if rejected else 0)
        self._since.set(rejected.since.timestamp() if rejected else 0)
        self._receiving.set(receiving)
        return generate_latest(self._all)


def age(since: datetime | None, now: datetime) -> float:
    """Seconds since a moment; 0 where there is none, or where the clock was set back."""
    return 0.0 if since is None else max(0.0, (now - since).total_seconds())
