"""From readings to figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bench.questions import Asked
from bench.systems import OFFERED, Reading
from bot.model import Decision

PRECISION = 0.95  # of auto95
POINTS = 100  # of a risk-coverage curve
LOSSES = (0.01, 0.02, 0.04, 0.08)  # shares of the answerable questions that are declined as well

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Quality:
    """How well a system did, as shares, 0-1; NaN where there is nothing to measure."""

    top1: float  # of the answerable questions, a right label first
    recall: float  # … among the best three
    auroc: float  # how often an answerable question has more confidence than another one
    auto95: float  # of the answerable, answered rightly at the cut where 95 % of all answers are right
    right: float  # of the answerable, answered rightly at the system's own cut
    offered: float  # … asked back with a right label among the choices
    wrong: float  # … answered wrongly
    declined: float  # of the others, declined at the system's own cut
    answered: float  # … answered
    risk: tuple[float, ...]  # wrong among the 1 %, 2 %, … 100 % of all questions that the system is surest of
    near: tuple[float, ...]  # of those outside but of the same domain, declined where each of LOSSES is accepted
    far: tuple[float, ...]  # … and of the others


CURVES = ("risk", "near", "far")
FIGURES = tuple(name for name in Quality.__dataclass_fields__ if name not in CURVES)


def judge(readings: Sequence[Reading], questions: Sequence[Asked]) -> Quality:
    """Figures of one system on one task.

    >>> sure = Reading(("a", "b"), 0.9, Decision.ANSWER)
    >>> judge([sure, sure], [Asked("x", frozenset("a")), Asked("y", frozenset("b"))]).top1
    0.5
    """
    pairs = list(zip(readings, questions, strict=True))
    inside = [(reading, asked.right) for reading, asked in pairs if asked.right]
    others = [reading.does for reading, asked in pairs if not asked.right]
    answers = [bool(right & set(r.labels[: r.told])) for r, right in inside if r.does is Decision.ANSWER]
    choices = [bool(right & set(r.labels[:OFFERED])) for r, right in inside if r.does is Decision.CLARIFY]
    return Quality(
        *_ranking([(r, asked.right) for r, asked in pairs if r.confidence is not None]),
        right=sum(answers) / len(inside),
        offered=sum(choices) / len(inside),
        wrong=(len(answers) - sum(answers)) / len(inside),
        declined=others.count(Decision.DECLINE) / len(others) if others else np.nan,
        answered=others.count(Decision.ANSWER) / len(others) if others else np.nan,
        risk=risk([(r.confidence, bool(a.right & set(r.labels[:1]))) for r, a in pairs if r.confidence is not None]),
        near=_declined([pair for pair in pairs if pair[1].right or pair[1].near]),
        far=_declined([pair for pair in pairs if pair[1].right or not pair[1].near]),
    )


def mean(qualities: Sequence[Quality]) -> Quality:
    """The mean of each figure."""
    figures = {name: float(np.mean([getattr(quality, name) for quality in qualities])) for name in FIGURES}
    risk, near, far = (_mean_curve([getattr(quality, name) for quality in qualities]) for name in CURVES)
    return Quality(**figures, risk=risk, near=near, far=far)


def _mean_curve(curves: Sequence[Sequence[float]]) -> tuple[float, ...]:
    """Of those that are there."""
    there = [curve for curve in curves if curve]
    return tuple(np.mean(there, axis=0).tolist()) if there else ()


def _ranking(pairs: Sequence[tuple[Reading, frozenset[str]]]) -> tuple[float, float, float, float]:
    """top1, recall, auroc and auto95, which need a confidence."""
    if not pairs:
        return (np.nan,) * 4
    inside = np.array([bool(right) for _, right in pairs])
    first = np.array([bool(right & set(reading.labels[:1])) for reading, right in pairs])
    three = np.array([bool(right & set(reading.labels[:OFFERED])) for reading, right in pairs])
    confidence = np.array([reading.confidence for reading, _ in pairs], float)
    auto95 = _right_at(PRECISION, confidence, first) / inside.sum()
    above = auroc(confidence[inside], confidence[~inside])
    return float(first[inside].mean()), float(three[inside].mean()), above, float(auto95)


def _declined(pairs: Sequence[tuple[Reading, Asked]]) -> tuple[float, ...]:
    """Share of the questions without an answer that is declined, by the share of the others that is."""
    closeness = [(r.confidence if r.closeness is None else r.closeness, bool(a.right)) for r, a in pairs]
    inside = np.sort([close for close, answerable in closeness if answerable and close is not None])
    outside = np.array([close for close, answerable in closeness if not answerable and close is not None])
    if not len(inside) or not len(outside):
        return ()
    return declined(inside, outside)


def declined(inside: Floats, outside: Floats) -> tuple[float, ...]:
    """Share of ``outside`` below the cut that declines no more than each of LOSSES of ``inside``, which is sorted.

    >>> declined(np.arange(100.0), np.array([-1.0, 1.5, 3.5, 9.0]))
    (0.25, 0.5, 0.75, 0.75)
    """
    cuts = inside[[int(loss * len(inside)) for loss in LOSSES]]
    return tuple((outside[:, None] < cuts).mean(axis=0).tolist())


def auroc(high: Floats, low: Floats) -> float:
    """How often a value of ``high`` is above one of ``low``; equal ones count half.

    >>> auroc(np.array([2.0, 3.0]), np.array([1.0, 2.0]))
    0.875
    """
    if not len(low):
        return float("nan")
    ordered = np.sort(low)
    below = np.searchsorted(ordered, high, "left") + np.searchsorted(ordered, high, "right")
    return float(below.mean() / 2 / len(low))


def _right_at(precision: float, confidence: Floats, right: Bools) -> float:
    """The most right answers at a cut from which this share of answers is right; what is equally sure goes together."""
    order = np.argsort(-confidence, kind="stable")
    last = np.append(np.diff(confidence[order]) != 0, True)
    found = np.cumsum(right[order])
    fine = last & (found >= precision * np.arange(1, len(order) + 1))
    return float(found[fine].max()) if fine.any() else 0.0


def risk(pairs: Sequence[tuple[float, bool]]) -> tuple[float, ...]:
    """Share of wrong answers if only the surest 1 %, 2 %, … 100 % were answered; equally sure ones share their luck.

    >>> risk([(0.9, True), (0.5, False), (0.5, True), (0.1, False)])[49::50]
    (0.25, 0.5)
    """
    if not pairs:
        return ()
    confidence = np.array([sure for sure, _ in pairs])
    right = np.array([good for _, good in pairs], float)
    _, group = np.unique(-confidence, return_inverse=True)
    even = (np.bincount(group, weights=right) / np.bincount(group))[group]
    found = np.cumsum(even[np.argsort(-confidence, kind="stable")])
    counts = np.ceil(np.arange(1, POINTS + 1) / POINTS * len(pairs)).astype(int)
    return tuple(float(1 - found[count - 1] / count) for count in counts)
