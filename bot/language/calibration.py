"""Two cuts, learned from the knowledge alone: from what lead on to answer, and below what belonging to decline.

Where staff have written enough rehearsal questions (``knowledge/uji/``, apart from the phrasings), these are asked and
the cuts follow from what comes out. Otherwise the phrasings themselves are asked: each while it is left out (it should
be answered), each while its whole entry is left out, and each out-of-topic example left out (these should not be).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.language.matching import DECIMALS, Matcher, Ranking
from bot.language.postings import Floats

Bools = NDArray[np.bool_]

IN_SCOPE_SHARE = 0.75  # assumed share of real questions that the knowledge can answer
NEAR_SHARE = (
    0.6  # of the answerable ones: close to a phrasing; phrasings differ on purpose, so a left-out one is further
)
KEPT = 0.985  # share of answerable questions that must not be declined
FEWEST_TRIALS = 150  # answerable rehearsal questions from which they decide; fewer make the 97 % point a matter of luck
MOST_PSEUDO = 800  # phrasings asked at most, where there are no rehearsal questions; about 4 ms each
FEWEST_PHRASINGS = 30  # below it leave-one-out says nothing and the shipped cuts hold
SHIPPED_ANSWER = 0.25  # for tiny knowledge bases: the leave-one-out cut of 210 entries with 14 phrasings each
SHIPPED_DECLINE = 0.2
COVERING = 0.3  # what a question whose words are all of the best label gains in belonging


@dataclass(frozen=True, slots=True)
class Trial:
    """One question asked for calibration: lead of the best label, belonging, and whether that label is right.

    ``right`` is None for a question that nothing should answer.
    """

    lead: float
    belonging: float
    right: bool | None


@dataclass(frozen=True, slots=True)
class Confusion:
    """A phrasing that the rest of the knowledge would give to another label."""

    utterance: str
    label: str
    taken_by: str
    lead: float  # by how much the other label is ahead, 0-1


@dataclass(frozen=True, slots=True)
class Cuts:
    """Lead from which a question is answered at once, belonging below which it is declined; choices lie between."""

    answer: float
    decline: float
    rehearsed: bool = False  # learned from rehearsal questions, not from the phrasings


@dataclass(frozen=True, slots=True)
class _Evidence:
    """What both cuts are learned from."""

    leads: Floats  # of answerable questions
    belonging: Floats
    right: Bools
    negatives: Floats  # leads of questions that nothing should answer
    shares: Floats  # weight of each of them; together 1
    near: float  # share of answerable questions that are close to a phrasing, and so right practically always


def belonging(ranking: Ranking, outside: Callable[[str], bool]) -> float:
    """How far a question belongs to what the knowledge answers, about -1 to 1.3: the measure that declining is cut on.

    ``outside`` tells the labels of out-of-topic examples. The score of the best other label says too little: a question
    from elsewhere often has a word or two of some entry by chance. But its other words are not those of that entry, and
    some out-of-topic example is about as near. Of 61 questions that nothing should answer and that no out-of-topic
    group wins, the score alone turns away 11 % where 1.5 % of 1,381 answerable ones are lost, this one 85 %.
    """
    inside = [candidate for candidate in ranking.candidates if not outside(candidate.label)]
    beyond = max((candidate.score for candidate in ranking.candidates if outside(candidate.label)), default=0.0)
    if not inside:
        return -beyond
    return inside[0].score + COVERING * inside[0].covered - max(beyond, 0.0)


def calibrate(
    matcher: Matcher,
    outside: Collection[str],
    answer_precision: float,
    max_out_of_scope: float,
    trials: Sequence[Trial] = (),
) -> Cuts:
    """Sets both cuts.

    ``outside`` are the labels of out-of-topic examples; ``answer_precision`` (0-1) is the share of answers that must
    be right, ``max_out_of_scope`` (0-1) the share of unanswerable questions that may be answered; ``trials`` are
    rehearsal questions already asked.
    """
    rehearsed = sum(trial.right is not None for trial in trials) >= FEWEST_TRIALS
    evidence = _from_trials(trials) if rehearsed else _from_phrasings(matcher, outside)
    if evidence is None:
        return Cuts(SHIPPED_ANSWER, SHIPPED_DECLINE)
    answer = _lowest_cut(evidence, answer_precision)
    answer = max(answer, _quantile(evidence.negatives, evidence.shares, 1 - max_out_of_scope))
    decline = float(np.quantile(evidence.belonging, 1 - KEPT))
    return Cuts(round(answer, DECIMALS), round(decline, DECIMALS), rehearsed)


def _from_trials(trials: Sequence[Trial]) -> _Evidence:
    answerable = [trial for trial in trials if trial.right is not None]
    negatives = np.array([trial.lead for trial in trials if trial.right is None] or [0.0])
    return _Evidence(
        np.array([trial.lead for trial in answerable]),
        np.array([trial.belonging for trial in answerable]),
        np.array([bool(trial.right) for trial in answerable]),
        negatives,
        np.full(len(negatives), 1 / len(negatives)),
        0.0,
    )


def _from_phrasings(matcher: Matcher, outside: Collection[str]) -> _Evidence | None:
    columns = np.array([label in outside for label in matcher.labels])
    inside = ~columns[matcher.label_of]
    if inside.sum() < FEWEST_PHRASINGS:
        return None
    rows = np.arange(0, len(inside), -(-len(inside) // MOST_PSEUDO))  # evenly spread
    within = rows[inside[rows]]
    scores = np.array([matcher.asked(row) for row in within])
    asked, best, winner = _leads(scores, columns)
    covered = np.array([matcher.covered(row, label) for row, label in zip(within, winner, strict=True)])
    belong = best + COVERING * covered - scores[:, columns].max(axis=1, initial=0.0)
    unanswerable, _, _ = _leads(np.array([matcher.asked(row, without_label=True) for row in within]), columns)
    negatives = [unanswerable]
    beyond = rows[~inside[rows]]
    if len(beyond):
        negatives.append(_leads(np.array([matcher.asked(row) for row in beyond]), columns)[0])
    # Left-out entries and examples of other topics count alike, however many there are of each.
    shares = np.concatenate([np.full(len(part), 1 / len(negatives) / len(part)) for part in negatives])
    right = winner == matcher.label_of[within]
    return _Evidence(asked, belong, right, np.concatenate(negatives), shares, NEAR_SHARE)


def confusions(matcher: Matcher, outside: Collection[str]) -> tuple[Confusion, ...]:
    """The phrasings that the rest of the knowledge gives to another label; some milliseconds each.

    ``outside`` are the labels of out-of-topic examples, which are not asked and cannot take anything.
    """
    columns = np.array([label in outside for label in matcher.labels])
    found = []
    for row, label in enumerate(matcher.label_of):
        own = matcher.labels[label]
        if own not in outside:
            scores = np.where(columns, -1.0, matcher.asked(row))
            winner = int(scores.argmax())
            if winner != label:
                lead = float(scores[winner] - scores[label])
                found.append(Confusion(matcher.utterances[row], own, matcher.labels[winner], round(lead, DECIMALS)))
    return tuple(found)


def _lowest_cut(evidence: _Evidence, precision: float) -> float:
    """The lowest lead from which answers are right often enough."""
    far = IN_SCOPE_SHARE * (1 - evidence.near) / len(evidence.leads)
    weight = np.concatenate([np.full(len(evidence.leads), far), (1 - IN_SCOPE_SHARE) * evidence.shares])
    values = np.concatenate([evidence.leads, evidence.negatives])
    good = np.concatenate([evidence.right.astype(float), np.zeros(len(evidence.negatives))])
    order = np.argsort(-values, kind="stable")
    sure = IN_SCOPE_SHARE * evidence.near
    reached = (sure + np.cumsum((good * weight)[order])) / (sure + np.cumsum(weight[order]))
    enough = np.flatnonzero(reached >= precision)
    return float(values[order][enough[-1]]) if len(enough) else float("inf")


def _quantile(values: Floats, shares: Floats, share: float) -> float:
    """The value below which the given share of the weight lies."""
    order = np.argsort(values, kind="stable")
    reached = np.cumsum(shares[order]) / shares.sum()
    return float(values[order][min(int(np.searchsorted(reached, share)), len(values) - 1)])


def _leads(scores: Floats, outside: Bools) -> tuple[Floats, Floats, NDArray[np.int64]]:
    """Lead, score and number of the best label that can answer; an out-of-topic winner makes the lead negative."""
    rows = np.arange(len(scores))
    inner = np.where(outside, -1.0, scores)
    winner = inner.argmax(axis=1)
    best = inner[rows, winner]
    rest = scores.copy()
    rest[rows, winner] = -1.0
    return best - np.maximum(rest.max(axis=1), 0.0), best, winner
