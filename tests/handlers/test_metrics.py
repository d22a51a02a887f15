"""What is counted, as Prometheus reads it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.model import Decision, Problem, Rejection
from handlers.metrics import MOST_ARRIVALS, Metrics

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Waiting:
    """An overview of the store."""

    unanswered: int = 0
    oldest_unanswered: datetime | None = None
    unsent: int = 0
    oldest_unsent: datetime | None = None
    states: Mapping[str, int] = field(default_factory=dict)


class Watch:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def samples(metrics: Metrics, overview: Waiting | None = None, rejected: Rejection | None = None) -> dict[str, float]:
    """The page as a monitoring server reads it: name with labels → value."""
    page = metrics.page(overview or Waiting(), now=NOW, version="v1", rejected=rejected, receiving=True)
    return {
        sample.name + "".join(f" {key}={value}" for key, value in sorted(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(page.decode())
        for sample in family.samples
    }


def test_questions_are_counted_by_decision_and_begin_with_nought() -> None:
    metrics = Metrics()
    for decision in (Decision.ANSWER, Decision.ANSWER, Decision.CLARIFY):
        metrics.asked(decision)
    found = samples(metrics)
    counts = {word: found[f"tanya_questions_total decision={word}"] for word in ("answer", "clarify", "decline")}
    assert counts == {"answer": 2, "clarify": 1, "decline": 0}


def test_the_time_to_an_answer_is_measured_from_its_arrival() -> None:
    watch = Watch()
    metrics = Metrics(watch)
    metrics.arrived(7)
    watch.now += 0.02
    metrics.kept(7)
    watch.now += 0.15
    metrics.sent(7)
    metrics.sent(7)  # the second part of a long answer
    found = samples(metrics)
    assert found["tanya_answer_queued_seconds_sum"] == pytest.approx(0.02)
    assert found["tanya_answer_sent_seconds_sum"] == pytest.approx(0.17)
    assert found["tanya_answer_sent_seconds_count"] == 1
    assert (
        found["tanya_answer_sent_seconds_bucket le=0.1"],
        found["tanya_answer_sent_seconds_bucket le=0.2"],
    ) == (0, 1)


def test_what_came_before_the_start_or_answers_nothing_is_not_measured() -> None:
    metrics = Metrics()
    metrics.kept(7)
    metrics.sent(7)
    metrics.sent(None)
    found = samples(metrics)
    assert (found["tanya_answer_queued_seconds_count"], found["tanya_answer_sent_seconds_count"]) == (0, 0)


def test_updates_that_nothing_is_answered_to_are_forgotten_in_the_end() -> None:
    metrics = Metrics()
    for number in range(MOST_ARRIVALS + 1):
        metrics.arrived(number)
    metrics.sent(0)
    metrics.sent(1)
    assert samples(metrics)["tanya_answer_sent_seconds_count"] == 1


def test_failures_and_repeats_are_counted_by_kind() -> None:
    metrics = Metrics()
    for kind in ("timeout", "timeout", "flood"):
        metrics.failed(kind)
    metrics.repeated()
    found = samples(metrics)
    assert found["tanya_send_failures_total kind=timeout"] == 2
    assert found["tanya_send_failures_total kind=flood"] == 1
    assert found["tanya_send_repeats_total"] == 1


def test_queues_have_a_length_and_an_age() -> None:
    metrics = Metrics()
    overview = Waiting(3, NOW - timedelta(seconds=12), 2, NOW + timedelta(seconds=5), {"answered": 40, "waiting": 3})
    found = samples(metrics, overview)
    assert (found["tanya_queue_length queue=inbox"], found["tanya_queue_length queue=outbox"]) == (3, 2)
    assert found["tanya_queue_oldest_seconds queue=inbox"] == 12
    assert found["tanya_queue_oldest_seconds queue=outbox"] == 0  # the clock was set back meanwhile
    assert (found["tanya_updates state=answered"], found["tanya_updates state=waiting"]) == (40, 3)
    assert "tanya_updates state=waiting" not in samples(metrics)


def test_the_knowledge_and_a_rejected_edit_are_told() -> None:
    metrics = Metrics()
    problems = (Problem("knowledge/faq/a.yaml", 1, "x"), Problem("knowledge/faq/a.yaml", 2, "y"))
    found = samples(metrics, rejected=Rejection(problems, NOW))
    assert found["tanya_knowledge_info version=v1"] == 1
    assert found["tanya_rejected_edit_problems"] == 2
    assert found["tanya_rejected_edit_since_seconds"] == NOW.timestamp()
    assert samples(metrics)["tanya_rejected_edit_problems"] == 0


def test_two_bots_in_one_process_do_not_meet() -> None:
    first, second = Metrics(), Metrics()
    first.repeated()
    assert samples(second)["tanya_send_repeats_total"] == 0
