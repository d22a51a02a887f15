"""Ranking: the right label first, the same way every time, and the algebra behind it."""

from __future__ import annotations

import pytest

from bot.language import matching
from bot.language.matching import FULL, MISSING, Candidate, Matcher, Ranking, in_order
from bot.language.normalize import Terms

PHRASINGS = {
    "syarat": ["apa saja syarat seleksi", "syaratnya apa aja min biar bisa ikut", "what are the requirements"],
    "asesor": ["siapa asesornya", "yang menilai daerah siapa saja", "who are the assessors"],
    "bimtek": ["berapa kali bimtek diadakan", "bimteknya ada berapa sih", "how many workshops are there"],
    "mou": ["kapan mou ditandatangani", "tanggal penandatanganan nota kesepahaman", "when was the memorandum signed"],
    "@anggota": ["apakah <daerah> masuk 2018", "<daerah> ikut tahun berapa"],
    "-ktp": ["cara membuat ktp", "ktp hilang lapor ke mana"],
}
TERMS = Terms.compile({"gmn": "bagaimana", "brp": "berapa", "sapa": "siapa"})


def fitted(phrasings: dict[str, list[str]] = PHRASINGS) -> Matcher:
    pairs = [(text, label) for label, texts in phrasings.items() for text in texts]
    return Matcher([text for text, _ in pairs], [label for _, label in pairs], TERMS)


@pytest.fixture(scope="module")
def matcher() -> Matcher:
    return fitted()


@pytest.mark.parametrize(
    ("asked", "label"),
    [
        ("apa saja syarat seleksi?", "syarat"),
        ("syarat ikut seleksi", "syarat"),
        ("SYARATNYA APA SIH MIN", "syarat"),
        ("syratnya apaa aja", "syarat"),
        ("which requirements", "syarat"),
        ("sapa yg menilai daerah kami", "asesor"),
        ("brp kali bimtek", "bimtek"),
        ("bimtke ada brp", "bimtek"),
        ("nota kesepahaman tanggal berapa", "mou"),
        ("<daerah> ikut tahun 2019?", "@anggota"),
        ("apakah <daerah> masuk 2021", "@anggota"),
        ("ktp saya hilang", "-ktp"),
    ],
)
def test_the_right_label_comes_first(matcher: Matcher, asked: str, label: str) -> None:
    assert matcher.rank(asked).candidates[0].label == label


@pytest.mark.parametrize("text", [text for texts in PHRASINGS.values() for text in texts])
def test_every_phrasing_finds_its_own_label(matcher: Matcher, text: str) -> None:
    top = matcher.rank(text).candidates[0]
    assert text in PHRASINGS[top.label]
    assert top.utterance == text
    assert top.cosine == pytest.approx(1.0, abs=1e-5)


def test_candidates_come_best_first_and_no_more_than_wanted(matcher: Matcher) -> None:
    candidates = matcher.rank("syarat bimtek", 4).candidates
    assert len(candidates) == 4
    assert [c.score for c in candidates] == sorted((c.score for c in candidates), reverse=True)
    assert len({c.label for c in candidates}) == 4


def test_all_labels_are_ranked_where_there_are_fewer_than_wanted(matcher: Matcher) -> None:
    assert {c.label for c in matcher.rank("syarat", 99).candidates} == set(PHRASINGS)


def test_a_candidate_shows_its_nearest_phrasing_as_written(matcher: Matcher) -> None:
    assert matcher.rank("how many workshops").candidates[0].utterance == "how many workshops are there"


@pytest.mark.parametrize("order", [["b", "a", "c"], ["c", "b", "a"], ["a", "b", "c"]])
def test_ties_are_broken_by_label(order: list[str]) -> None:
    candidates = Matcher(["apa itu program"] * 3, order).rank("apa program").candidates
    assert [c.label for c in candidates] == ["a", "b", "c"]
    assert len({c.score for c in candidates}) == 1


def test_two_fits_rank_alike_to_the_last_bit() -> None:
    one, other = fitted(), fitted()
    for asked in ("syarat ikut", "siapa asesor dan kapan mou", "brp bimtke", "zzz", ""):
        assert one.rank(asked, 9) == other.rank(asked, 9)


def test_the_order_of_labels_in_the_knowledge_does_not_matter() -> None:
    backwards = fitted(dict(reversed(PHRASINGS.items())))
    for asked in ("syarat ikut", "siapa asesor dan kapan mou"):
        assert backwards.rank(asked, 9) == fitted().rank(asked, 9)


def test_a_repaired_word_is_told_apart_from_what_was_typed(matcher: Matcher) -> None:
    ranking = matcher.rank("gmn syrat 2019")
    assert ranking.words == ("bagaimana", "syrat", "xtahun", "2019")
    assert ranking.repaired == ("bagaimana", "syarat", "xtahun", "2019")


@pytest.mark.parametrize(
    ("asked", "known"),
    [("syarat seleksi", 1.0), ("syrat seleksi", 1.0), ("syarat zzzzz", 0.5), ("zzzzz qqqqq", 0.0), ("", 0.0)],
)
def test_known_is_the_share_of_words_in_the_knowledge(matcher: Matcher, asked: str, known: float) -> None:
    assert matcher.rank(asked).known == known


def test_a_label_without_a_word_of_the_question_falls_behind() -> None:
    """By less where labels have few phrasings; the score itself stays."""
    few = fitted({label: texts[:2] for label, texts in PHRASINGS.items()})
    many = fitted({label: texts[:2] * FULL for label, texts in PHRASINGS.items()})
    for matcher, most in ((few, MISSING * 2 / FULL), (many, MISSING)):
        candidates = matcher.rank("syarat seleksi", 9).candidates
        for candidate in candidates:
            assert candidate.score - candidate.standing == pytest.approx(most * (1 - candidate.covered), abs=1e-5)
        assert list(candidates) == sorted(candidates, key=in_order)


@pytest.mark.parametrize("asked", ["", "   ", "?!", "😀", "مرحبا", "zzzzzz"])
def test_a_question_without_a_known_word_is_ranked_low(matcher: Matcher, asked: str) -> None:
    sure = matcher.rank("apa saja syarat seleksi").candidates[0].score
    assert matcher.rank(asked).candidates[0].score < sure / 2


def ranking(*scores: float) -> Ranking:
    return Ranking((), (), tuple(Candidate(str(n), score, score, "", score) for n, score in enumerate(scores)), 1.0)


@pytest.mark.parametrize(
    ("less", "more"),
    [
        ((0.6, 0.5), (0.7, 0.5)),
        ((0.7, 0.6), (0.7, 0.5)),
        ((0.7, 0.7), (0.7,)),
        ((), (0.1,)),
    ],
    ids=["a higher score", "a greater lead", "nothing beside it", "anything at all"],
)
def test_confidence_grows_with(less: tuple[float, ...], more: tuple[float, ...]) -> None:
    assert ranking(*less).confidence < ranking(*more).confidence


def test_confidence_looks_at_the_best_two_only() -> None:
    assert ranking(0.9, 0.1, 0.1).confidence == ranking(0.9, 0.1).confidence


def test_a_clear_question_is_surer_than_one_between_two_labels(matcher: Matcher) -> None:
    assert matcher.rank("apa saja syarat seleksi").confidence > matcher.rank("syarat bimtek").confidence


def test_nearest_phrasings_alone_rank_like_all_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond a number of phrasings only the nearest vote; where all are near, nothing changes."""
    solved = fitted()
    monkeypatch.setattr(matching, "SOLVED_UP_TO", 0)
    local = fitted()
    assert solved.votes is not None
    assert local.votes is None
    for text in ("syarat ikut", "siapa asesornya", "apa itu bimtek"):
        assert [c.label for c in local.rank(text).candidates] == [c.label for c in solved.rank(text).candidates]
        for one, other in zip(local.rank(text).candidates, solved.rank(text).candidates, strict=True):
            assert one.score == pytest.approx(other.score, abs=1e-5)


def test_a_phrasing_without_words_is_fitted_and_close_to_nothing() -> None:
    matcher = Matcher(["apa syarat", "???"], ["syarat", "kosong"])
    assert matcher.rank("apa syarat").candidates[0].label == "syarat"
