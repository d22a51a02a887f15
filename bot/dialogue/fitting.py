"""The costly preparation of a mind: fitting the matcher and learning its cuts."""

from __future__ import annotations

from collections.abc import Iterator

from bot.dialogue.interpret import interpret, is_outside, outside_winner
from bot.dialogue.mind import OUTSIDE, Fitted, Mind, assemble, phrasings
from bot.language.calibration import Cuts, Trial, belonging, calibrate
from bot.language.matching import Matcher
from bot.language.normalize import Terms
from bot.language.semantic import Meaning
from bot.model import Decision, Knowledge

NEVER = -1.0  # confidence of a question that an out-of-topic group wins: it is declined, whatever its lead


def fit(
    knowledge: Knowledge, *, answer_precision: float, max_out_of_scope: float, meaning: Meaning | None = None
) -> Fitted:
    """Fits the matcher on every phrasing and learns its cuts, one after the other.

    ``answer_precision`` (0.5-1) is the share of direct answers that must be right, ``max_out_of_scope`` (0-0.5) the
    share of unanswerable questions that may be answered; ``meaning`` joins an encoder.
    """
    matcher = fit_matcher(knowledge, meaning)
    cuts = learn_cuts(knowledge, matcher, answer_precision=answer_precision, max_out_of_scope=max_out_of_scope)
    return Fitted(matcher, cuts)


def fit_matcher(knowledge: Knowledge, meaning: Meaning | None = None) -> Matcher:
    """The matcher of every phrasing: 0.3 s of work for 6,000."""
    pairs = list(phrasings(knowledge))
    terms = Terms.compile(knowledge.terms)
    return Matcher([text for _, text in pairs], [label for label, _ in pairs], terms, meaning)


def learn_cuts(knowledge: Knowledge, matcher: Matcher, *, answer_precision: float, max_out_of_scope: float) -> Cuts:
    """The cuts of a matcher of the same knowledge: some 2 ms of work for each rehearsal question."""
    outside = {OUTSIDE + group.id for group in knowledge.off_topics}
    trials = tuple(_trials(assemble(knowledge, Fitted(matcher, Cuts(0.0, 0.0)))))
    return calibrate(matcher, outside, answer_precision, max_out_of_scope, trials)


def _trials(mind: Mind) -> Iterator[Trial]:
    """The single rehearsal questions that an entry must answer, and those that must be declined, asked once each."""
    for rehearsal in mind.knowledge.rehearsals:
        turn = rehearsal.turns[0]
        declined = not turn.must and not turn.contains and turn.decisions == (Decision.DECLINE,)
        if len(rehearsal.turns) > 1 or not (turn.must or declined):
            continue
        ranking = interpret(turn.question, mind).ranking
        if ranking.candidates:
            top = ranking.candidates[0]
            lead = NEVER if outside_winner(ranking) else ranking.confidence
            near = belonging(ranking, is_outside)
            yield Trial(lead, near, top.label in turn.must if turn.must else None)
