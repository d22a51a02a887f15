"""The matcher with meaning as its second kernel; a stand-in that counts words, with synonyms, is the encoder."""

from __future__ import annotations

import pickle

import pytest
from stand_in_encoder import WordCounts

from bot.language import matching
from bot.language.matching import Matcher
from bot.language.semantic import Meaning

SYNONYMS = (("biaya", "ongkos", "fee"), ("pelatihan", "kursus", "training"), ("penilai", "juri", "judge"))
PHRASINGS = {
    "biaya": ("berapa biaya programnya", "biaya ikut dari mana", "apa ada biaya"),
    "pelatihan": ("kapan pelatihan dimulai", "pelatihan diadakan di mana", "apa isi pelatihan"),
    "penilai": ("siapa penilai daerah", "penilai berasal dari mana", "apa tugas penilai"),
}
UTTERANCES = [text for texts in PHRASINGS.values() for text in texts]
LABELS = [label for label, texts in PHRASINGS.items() for _ in texts]
MEANT = {"ongkos": "biaya", "is there a fee": "biaya", "kursus": "pelatihan", "the judge": "penilai"}


def fitted(meaning: Meaning | None = None) -> Matcher:
    return Matcher(UTTERANCES, LABELS, meaning=meaning)


@pytest.fixture(params=["solved", "local"])
def matcher(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Matcher:
    """With the votes solved once for all, and solved for the nearest phrasings of each question."""
    if request.param == "local":
        monkeypatch.setattr(matching, "SOLVED_UP_TO", 0)
    return fitted(Meaning(WordCounts(SYNONYMS)))


@pytest.mark.parametrize(("question", "label"), MEANT.items())
def test_a_question_in_other_words_finds_what_it_means(matcher: Matcher, question: str, label: str) -> None:
    assert matcher.rank(question).candidates[0].label == label


def test_letters_alone_do_not_find_it() -> None:
    """Otherwise the test above would show nothing."""
    found = [fitted().rank(question).candidates[0].label for question in MEANT]
    assert found != list(MEANT.values())


def test_letters_still_count(matcher: Matcher) -> None:
    assert matcher.rank("brp biayanya").candidates[0].label == "biaya"


@pytest.mark.parametrize(
    ("meaning", "found"), [(Meaning(WordCounts(SYNONYMS)), True), (None, False)], ids=["with", "without"]
)
def test_a_phrasing_that_is_left_out_is_found_by_its_meaning(meaning: Meaning | None, found: bool) -> None:
    matcher = Matcher([*UTTERANCES, "fee"], [*LABELS, "biaya"], meaning=meaning)
    own, *others = matcher.asked(matcher.utterances.index("fee"))
    assert matcher.labels[0] == "biaya"
    assert bool(own > max(others)) is found


def test_a_fitted_matcher_outlives_its_process(matcher: Matcher) -> None:
    again = pickle.loads(pickle.dumps(matcher))
    for question in MEANT:
        assert again.rank(question) == matcher.rank(question)


def test_known_vectors_change_nothing() -> None:
    meaning = Meaning(WordCounts(SYNONYMS))
    first, second = fitted(meaning), fitted(meaning)
    assert [first.rank(q) for q in MEANT] == [second.rank(q) for q in MEANT]


@pytest.mark.parametrize("text", ["", "!?", "😀"])
def test_a_message_without_words_is_not_encoded(text: str) -> None:
    encoder = WordCounts(SYNONYMS)
    matcher = fitted(Meaning(encoder))
    encoder.encoded.clear()
    matcher.rank(text)
    assert encoder.encoded == []


def test_the_encoder_gets_standard_words_as_typed_and_repaired() -> None:
    encoder = WordCounts(SYNONYMS)
    matcher = fitted(Meaning(encoder))
    encoder.encoded.clear()
    matcher.rank("Kapan PELATIHN?")
    assert encoder.encoded == ["kapan pelatihn", "kapan pelatihan"]
