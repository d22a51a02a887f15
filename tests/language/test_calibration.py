"""Calibration: the closed forms are real refits, and the cuts move the way the settings say."""

from __future__ import annotations

import numpy as np
import pytest
from rapidfuzz import fuzz

from bot.language.calibration import (
    COVERING,
    SHIPPED_ANSWER,
    SHIPPED_DECLINE,
    Cuts,
    Trial,
    belonging,
    calibrate,
    confusions,
)
from bot.language.matching import DECIMALS, ORDER_FREE, RIDGE, WHOLE, Candidate, Matcher, Ranking

ASKED = [
    "apa {}",
    "{} itu apa sih",
    "mohon penjelasan tentang {}",
    "bagaimana dengan {} di daerah kami",
    "{} gimana min",
    "info {} dong",
]
SUBJECTS = {
    "asesor": "asesor yang menilai",
    "bimtek": "bimbingan teknis",
    "biaya": "biaya pendampingan",
    "dewan": "dewan smart city",
    "evaluasi": "evaluasi tahunan",
    "masterplan": "masterplan lima tahun",
    "mou": "nota kesepahaman",
    "syarat": "syarat seleksi",
}
OUTSIDE = {"-ktp": "pembuatan ktp", "-cuaca": "cuaca hari ini"}
OUTSIDE_OF_CONFUSED = {*OUTSIDE, "-lain"}
PRECISIONS = (0.55, 0.7, 0.8, 0.9, 0.95, 0.99)


def fitted(subjects: dict[str, str], asked: list[str] = ASKED) -> Matcher:
    pairs = [(way.format(name), label) for label, name in subjects.items() for way in asked]
    return Matcher([text for text, _ in pairs], [label for _, label in pairs])


@pytest.fixture(scope="module")
def matcher() -> Matcher:
    return fitted(SUBJECTS | OUTSIDE)


@pytest.fixture(scope="module")
def confused() -> Matcher:
    """Knowledge in which the same words are asked of two entries and of something out of topic."""
    twins = dict.fromkeys(("satu", "dua", "-lain"), "jadwal kegiatan")
    return fitted(SUBJECTS | OUTSIDE | twins)


def refitted_without(matcher: Matcher, rows: np.ndarray, asked: int) -> np.ndarray:
    """Scores of phrasing ``asked`` after solving anew without ``rows`` (same word weights), over all labels."""
    kept = np.setdiff1d(np.arange(len(matcher.texts)), rows)
    kernel = np.array([matcher.similar(row) for row in range(len(matcher.texts))])
    truth = np.eye(len(matcher.labels))[matcher.label_of[kept]]
    system = np.exp(kernel[np.ix_(kept, kept)] - 1) + RIDGE * np.eye(len(kept))
    learned = np.exp(kernel[asked, kept] - 1) @ np.linalg.solve(system, truth)
    near = np.zeros(len(matcher.labels))
    for row in kept:
        ratio = fuzz.token_sort_ratio(matcher.texts[asked], matcher.texts[row]) / 100
        near[matcher.label_of[row]] = max(near[matcher.label_of[row]], ratio)
    whole = np.zeros(len(matcher.labels))
    for label in set(matcher.label_of[kept].tolist()):
        its = kept[matcher.label_of[kept] == label]
        whole[label] = kernel[asked, its].sum() / np.sqrt(kernel[np.ix_(its, its)].sum())
    return np.asarray((1 - ORDER_FREE) * learned + ORDER_FREE * near - WHOLE * (whole.max() - whole))


def test_leaving_one_phrasing_out_equals_fitting_without_it(matcher: Matcher) -> None:
    expected = [refitted_without(matcher, np.array([row]), row) for row in range(len(matcher.texts))]
    assert np.allclose([matcher.asked(row) for row in range(len(matcher.texts))], expected, atol=2 * 10**-DECIMALS)


def test_leaving_an_entry_out_equals_fitting_without_it(matcher: Matcher) -> None:
    """The entry itself gets nothing, and all others score as if it had never been there."""
    for row, label in enumerate(matcher.label_of):
        scores = matcher.asked(row, without_label=True)
        expected = refitted_without(matcher, np.flatnonzero(matcher.label_of == label), row)
        assert np.allclose(scores, expected, atol=2 * 10**-DECIMALS)
        assert scores[label] <= 0


def test_the_answer_cut_rises_with_the_precision_asked_for(confused: Matcher) -> None:
    cuts = [calibrate(confused, OUTSIDE_OF_CONFUSED, precision, 0.2).answer for precision in PRECISIONS]
    assert cuts == sorted(cuts)
    assert cuts[0] < cuts[-1]


def test_the_answer_cut_falls_with_the_out_of_scope_share_allowed(confused: Matcher) -> None:
    shares = (0.01, 0.05, 0.2, 0.45)
    cuts = [calibrate(confused, OUTSIDE_OF_CONFUSED, 0.55, share).answer for share in shares]
    assert cuts == sorted(cuts, reverse=True)
    assert cuts[0] > cuts[-1]


@pytest.mark.parametrize(
    "subjects",
    [
        {"syarat": "syarat seleksi", "mou": "nota kesepahaman"},
        {"syarat": "syarat seleksi"} | {f"-{n}": f"hal lain {n}" for n in range(9)},
    ],
    ids=["few phrasings", "few phrasings of entries among many out of topic"],
)
def test_tiny_knowledge_gets_the_shipped_cuts(subjects: dict[str, str]) -> None:
    outside = {label for label in subjects if label.startswith("-")}
    assert calibrate(fitted(subjects), outside, 0.97, 0.05) == Cuts(SHIPPED_ANSWER, SHIPPED_DECLINE)


def test_enough_knowledge_gets_cuts_of_its_own(matcher: Matcher) -> None:
    assert calibrate(matcher, set(OUTSIDE), 0.97, 0.05) != Cuts(SHIPPED_ANSWER, SHIPPED_DECLINE)


def test_two_calibrations_are_the_same(confused: Matcher) -> None:
    assert calibrate(confused, OUTSIDE_OF_CONFUSED, 0.9, 0.05) == calibrate(confused, OUTSIDE_OF_CONFUSED, 0.9, 0.05)


def test_phrasings_that_two_entries_share_are_named(confused: Matcher) -> None:
    found = confusions(confused, OUTSIDE_OF_CONFUSED)
    assert {(c.label, c.taken_by) for c in found} >= {("satu", "dua"), ("dua", "satu")}
    assert all(c.label != c.taken_by and c.lead >= 0 for c in found)


def test_an_out_of_topic_label_neither_wins_nor_is_confused(confused: Matcher) -> None:
    """Outside there is nothing to answer with, so no phrasing is ever said to be taken by it."""
    found = confusions(confused, OUTSIDE_OF_CONFUSED)
    assert found
    assert not {c.taken_by for c in found} & OUTSIDE_OF_CONFUSED
    assert not {c.label for c in found} & OUTSIDE_OF_CONFUSED


# --- belonging ------------------------------------------------------------------------------------------------------


def ranked(*candidates: tuple[str, float, float]) -> Ranking:
    """A ranking of labels with scores and shares of the words covered."""
    return Ranking(
        (), (), tuple(Candidate(label, score, score, "", score, covered) for label, score, covered in candidates), 1.0
    )


def belongs(*candidates: tuple[str, float, float]) -> float:
    return belonging(ranked(*candidates), OUTSIDE_OF_CONFUSED.__contains__)


def test_a_question_belongs_by_its_best_label_its_words_and_what_lies_outside() -> None:
    assert belongs(("satu", 0.4, 1.0)) == pytest.approx(0.4 + COVERING)
    assert belongs(("satu", 0.4, 0.5), ("-ktp", 0.3, 0.9)) == pytest.approx(0.4 + COVERING / 2 - 0.3)
    assert belongs(("-ktp", 0.5, 1.0), ("satu", 0.4, 0.0)) == pytest.approx(0.4 - 0.5)


def test_nothing_from_inside_belongs_less_the_nearer_the_outside_is() -> None:
    assert belongs() == 0
    assert belongs(("-ktp", 0.5, 1.0)) == pytest.approx(-0.5)


def test_an_outside_label_of_negative_score_does_not_help() -> None:
    assert belongs(("satu", 0.4, 1.0), ("-ktp", -0.2, 0.0)) == belongs(("satu", 0.4, 1.0))


def test_a_phrasing_left_out_is_covered_by_the_others_of_a_label() -> None:
    same = Matcher(["apa bimtek", "bimtek apa", "siapa asesor"], ["bimtek", "bimtek", "asesor"])
    own, other = same.labels.index("bimtek"), same.labels.index("asesor")
    row = int(same.first[own])
    assert same.covered(row, own) == 1
    assert same.covered(row, other) == 0
    alone = int(same.first[other])
    assert same.covered(alone, other) == 0  # no other phrasing has its words


# --- rehearsal questions --------------------------------------------------------------------------------------------

RIGHT_FROM = 0.4  # the lead from which every rehearsal question below is answered rightly
MANY_TRIALS = tuple(Trial(n / 500, 0.2 + n / 1000, right=n / 500 >= RIGHT_FROM) for n in range(500))
UNANSWERABLE = tuple(Trial(n / 1000, 0.1, None) for n in range(100))


def test_enough_rehearsal_questions_decide_the_cuts(matcher: Matcher) -> None:
    """What the phrasings say of each other does not matter any more."""
    other = fitted(SUBJECTS)
    cuts = calibrate(matcher, set(OUTSIDE), 0.97, 0.05, MANY_TRIALS + UNANSWERABLE)
    assert (cuts.answer, cuts.decline) == (
        calibrate(other, (), 0.97, 0.05, MANY_TRIALS + UNANSWERABLE).answer,
        calibrate(other, (), 0.97, 0.05, MANY_TRIALS + UNANSWERABLE).decline,
    )
    assert (cuts.answer, cuts.decline) != (
        calibrate(matcher, set(OUTSIDE), 0.97, 0.05).answer,
        calibrate(matcher, set(OUTSIDE), 0.97, 0.05).decline,
    )


def test_a_few_rehearsal_questions_do_not_count(matcher: Matcher) -> None:
    few = MANY_TRIALS[::50] + UNANSWERABLE
    assert calibrate(matcher, set(OUTSIDE), 0.97, 0.05, few) == calibrate(matcher, set(OUTSIDE), 0.97, 0.05)


@pytest.mark.parametrize("precision", PRECISIONS)
def test_rehearsal_questions_above_the_answer_cut_are_right_often_enough(matcher: Matcher, precision: float) -> None:
    cut = calibrate(matcher, set(OUTSIDE), precision, 0.05, MANY_TRIALS).answer
    answered = [bool(trial.right) for trial in MANY_TRIALS if trial.lead >= cut]
    assert sum(answered) / len(answered) >= precision


def test_no_more_questions_are_turned_away_than_the_precision_needs(matcher: Matcher) -> None:
    assert calibrate(matcher, set(OUTSIDE), 0.999, 0.05, MANY_TRIALS).answer == pytest.approx(RIGHT_FROM, abs=0.01)


@pytest.mark.parametrize("share", [0.01, 0.05, 0.2])
def test_hardly_any_unanswerable_rehearsal_question_is_answered(matcher: Matcher, share: float) -> None:
    cut = calibrate(matcher, set(OUTSIDE), 0.55, share, MANY_TRIALS + UNANSWERABLE).answer
    assert sum(trial.lead > cut for trial in UNANSWERABLE) / len(UNANSWERABLE) <= share


def test_hardly_any_answerable_rehearsal_question_is_declined(matcher: Matcher) -> None:
    cut = calibrate(matcher, set(OUTSIDE), 0.97, 0.05, MANY_TRIALS + UNANSWERABLE).decline
    declined = sum(trial.belonging < cut for trial in MANY_TRIALS) / len(MANY_TRIALS)
    assert 0 < declined < 0.05
