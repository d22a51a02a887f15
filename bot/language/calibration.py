"""Two cuts on the confidence, learned from the knowledge alone.

Pseudo-questions come from the phrasings themselves, without refitting: each phrasing asked while it is left out (it
should be answered), each phrasing asked while its whole entry is left out (it should not), and each out-of-topic
example left out (it should not be answered by an entry). Leave-one-out rows follow in closed form from the inverse of
the kernel system (row i of the ridge: y_i - a_i / G⁻¹_ii; for a block I: y_I - (G⁻¹_II)⁻¹ a_I).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.language.matching import DECIMALS, ORDER_FREE, Floats, Matcher

Bools = NDArray[np.bool_]

IN_SCOPE_SHARE = 0.75  # assumed share of real questions that the knowledge can answer
NEAR_SHARE = (
    0.6  # assumed share of answerable questions that come close to a phrasing; others are as far as a left-out one
)
KEPT = 0.97  # share of answerable pseudo-questions that must not be declined
FEWEST = 30  # phrasings; below it the estimates say nothing and the shipped cuts hold
SHIPPED_ANSWER = 0.9  # cuts for tiny knowledge bases: the mean of those found on the seven benchmark sets, rounded
SHIPPED_DECLINE = 0.35


@dataclass(frozen=True, slots=True)
class Confusion:
    """A phrasing that the rest of the knowledge would give to another label."""

    utterance: str
    label: str
    taken_by: str


@dataclass(frozen=True, slots=True)
class Cuts:
    """Confidence from which a question is answered and below which it is declined; between them choices are offered."""

    answer: float
    decline: float
    confusions: tuple[Confusion, ...] = ()


def calibrate(matcher: Matcher, outside: Collection[str], answer_precision: float, max_out_of_scope: float) -> Cuts:
    """Sets both cuts.

    ``outside`` are the labels of out-of-topic examples; ``answer_precision`` (0-1) is the share of answers that must
    be right, ``max_out_of_scope`` (0-1) the share of unanswerable questions that may be answered.
    """
    count = len(matcher.utterances)
    outside_columns = np.array([label in outside for label in matcher.labels])
    inside = ~outside_columns[matcher.label_of]
    if count < FEWEST or inside.sum() < FEWEST:
        return Cuts(SHIPPED_ANSWER, SHIPPED_DECLINE)
    left_out = _leave_one_out(matcher)
    without_entry = _leave_label_out(matcher)
    asked, winner = _confidence(left_out, outside_columns)
    unanswerable, _ = _confidence(without_entry[inside], outside_columns)
    right = (winner == matcher.label_of)[inside]
    confusions = tuple(
        Confusion(matcher.utterances[i], matcher.labels[matcher.label_of[i]], matcher.labels[winner[i]])
        for i in np.flatnonzero(inside & (winner != matcher.label_of))
    )
    negatives = np.concatenate([unanswerable, asked[~inside]])
    # Examples of other topics and left-out entries count alike, however many there are of each.
    shares = np.repeat([1 / len(unanswerable), 1 / max(1, (~inside).sum())], [len(unanswerable), (~inside).sum()])
    answer = _lowest_cut(asked[inside], right, negatives, shares / shares.sum(), answer_precision)
    answer = max(answer, _quantile(negatives, shares, 1 - max_out_of_scope))
    decline = min(answer, float(np.quantile(asked[inside], 1 - KEPT)))
    return Cuts(round(answer, DECIMALS), round(decline, DECIMALS), confusions)


def _lowest_cut(asked: Floats, right: Bools, negatives: Floats, shares: Floats, precision: float) -> float:
    """The lowest confidence from which answers are right often enough.

    Staff are told to write phrasings that differ, so a left-out phrasing is further from its siblings than a real
    question is from the nearest phrasing; questions that come close are right practically always.
    """
    values = np.concatenate([asked, negatives])
    good = np.concatenate([right.astype(float), np.zeros(len(negatives))])
    far = IN_SCOPE_SHARE * (1 - NEAR_SHARE)
    weight = np.concatenate([np.full(len(asked), far / len(asked)), (1 - IN_SCOPE_SHARE) * shares])
    near = IN_SCOPE_SHARE * NEAR_SHARE
    order = np.argsort(-values, kind="stable")
    reached = (near + np.cumsum((good * weight)[order])) / (near + np.cumsum(weight[order]))
    enough = np.flatnonzero(reached >= precision)
    return float(values[order][enough[-1]]) if len(enough) else float("inf")


def _quantile(values: Floats, shares: Floats, share: float) -> float:
    """The value below which the given share of the weight lies."""
    order = np.argsort(values, kind="stable")
    reached = np.cumsum(shares[order]) / shares.sum()
    return float(values[order][min(int(np.searchsorted(reached, share)), len(values) - 1)])


def _confidence(scores: Floats, outside: Bools) -> tuple[Floats, NDArray[np.int64]]:
    """Confidence of the best label that can be answered, and that label; an out-of-topic winner counts against it."""
    inner = np.where(outside, -1.0, scores)
    winner = inner.argmax(axis=1)
    best = inner[np.arange(len(scores)), winner]
    rest = scores.copy()
    rest[np.arange(len(scores)), winner] = -1.0
    return 2 * best - np.maximum(rest.max(axis=1), 0.0), winner


def _leave_one_out(matcher: Matcher) -> Floats:
    truth = np.eye(len(matcher.labels))[matcher.label_of]
    learned = truth - matcher.votes / np.diag(matcher.inverse)[:, None]
    scores: Floats = (1 - ORDER_FREE) * learned
    for row, text in enumerate(matcher.texts):
        cosines = matcher.kernel[row].copy()
        cosines[row] = -1.0
        scores[row] += ORDER_FREE * matcher.order_free(cosines, text, leave_out=row)
    return scores.round(DECIMALS)


def _leave_label_out(matcher: Matcher) -> Floats:
    truth = np.eye(len(matcher.labels))[matcher.label_of]
    learned = np.empty_like(truth)
    for label in range(len(matcher.labels)):
        rows = np.flatnonzero(matcher.label_of == label)
        block = matcher.inverse[np.ix_(rows, rows)]
        learned[rows] = truth[rows] - np.linalg.solve(block, matcher.votes[rows])
    scores: Floats = (1 - ORDER_FREE) * learned
    for row, text in enumerate(matcher.texts):
        same = matcher.label_of == matcher.label_of[row]
        scores[row] += ORDER_FREE * matcher.order_free(np.where(same, -1.0, matcher.kernel[row]), text)
    scores[np.arange(len(scores)), matcher.label_of] = -1.0
    return scores.round(DECIMALS)
