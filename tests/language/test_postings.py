"""Sparse vectors: what they hold, and that every product of them is the plain one."""

from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.language.postings import CHAR_SHARE, FREQUENT, WORD, Postings, Vector, index, mean

VOCABULARY = (
    "apa",
    "siapa",
    "berapa",
    "kapan",
    "syarat",
    "asesor",
    "bimtek",
    "daerah",
    "program",
    "masterplan",
    "nota",
    "evaluasi",
    "kota",
    "tahun",
)
MANY = 60  # texts: enough that some features are frequent and others rare
same_on_every_run = settings(derandomize=True, deadline=None, max_examples=25)


def random_texts(seed: int, count: int = MANY) -> list[tuple[str, ...]]:
    chance = random.Random(seed)
    return [tuple(chance.choices(VOCABULARY, k=chance.randint(1, 6))) for _ in range(count)]


def dense(vector: Vector, postings: Postings) -> np.ndarray:
    """The vector with a place for every feature."""
    found = np.zeros(len(postings.index))
    found[vector.numbers] = vector.weights
    return found


def matrix(texts: list[tuple[str, ...]]) -> np.ndarray:
    postings = index(texts)
    return np.array([dense(postings.vector(words), postings) for words in texts])


@pytest.fixture(scope="module")
def postings() -> Postings:
    return index(random_texts(1))


def test_letters_and_words_have_their_shares_of_the_length(postings: Postings) -> None:
    vector = postings.vector(("syarat", "bimtek", "syarat", "syarat"))
    squared = vector.weights**2
    assert squared[~postings.whole[vector.numbers]].sum() == pytest.approx(CHAR_SHARE)
    assert squared.sum() == pytest.approx(1.0)


@pytest.mark.parametrize(("rare", "common"), [("nota", "apa"), ("syarat apa", "apa")], ids=["word", "pair"])
def test_what_is_rarer_weighs_more(rare: str, common: str) -> None:
    texts = [("apa", word) for word in VOCABULARY[1:]] + [("syarat", "apa")]
    postings = index(texts)
    assert postings.idf[postings.index[WORD + rare]] > postings.idf[postings.index[WORD + common]]


def test_an_unknown_word_is_rarer_than_any_known_one(postings: Postings) -> None:
    assert postings.rarity("zzz") > max(postings.rarity(word) for word in VOCABULARY)


def test_features_are_frequent_and_rare_here(postings: Postings) -> None:
    """Otherwise the tests of products would show only half."""
    assert 0 < len(postings.frequent) < len(postings.index)
    assert (np.diff(postings.by_feature.start) <= postings.count / FREQUENT).all()


@pytest.mark.parametrize("count", [2, 10, MANY])
@same_on_every_run
@given(seed=st.integers(0, 10_000))
def test_cosines_are_the_dot_products_with_every_text(count: int, seed: int) -> None:
    *texts, asked = random_texts(seed, count + 1)
    postings = index(texts)
    vector = postings.vector(asked)
    assert np.allclose(postings.cosines(vector), matrix(texts) @ dense(vector, postings), atol=1e-6)


@pytest.mark.parametrize("count", [2, 10, MANY])
@same_on_every_run
@given(seed=st.integers(0, 10_000))
def test_cosines_among_texts_are_their_dot_products(count: int, seed: int) -> None:
    texts = random_texts(seed, count)
    rows = np.arange(count)[:: 1 + seed % 3]
    vectors = matrix(texts)[rows]
    assert np.allclose(index(texts).among(rows), vectors @ vectors.T, atol=1e-6)


def test_a_text_of_its_own_has_the_vector_of_its_words(postings: Postings) -> None:
    for row, words in enumerate(random_texts(1)):
        assert np.allclose(dense(postings.own(row), postings), dense(postings.vector(words), postings), atol=1e-6)


def test_the_mean_lies_half_way(postings: Postings) -> None:
    one, other = postings.vector(("syarat", "bimtek")), postings.vector(("syarat", "nota"))
    half = (dense(one, postings) + dense(other, postings)) / 2
    assert np.allclose(dense(mean(one, other), postings), half)
    assert len(set(mean(one, other).numbers.tolist())) == len(mean(one, other).numbers)


def test_every_text_is_as_close_to_itself_as_can_be(postings: Postings) -> None:
    own = [postings.cosines(postings.own(row))[row] for row in range(postings.count)]
    assert np.allclose(own, 1.0, atol=1e-6)


@pytest.mark.parametrize("words", [(), ("zzz", "qqq")], ids=["nothing", "unknown words"])
def test_a_text_of_nothing_known_is_close_to_nothing(words: tuple[str, ...]) -> None:
    postings = index([("apa", "syarat"), ()])
    assert not postings.cosines(postings.vector(words)).any()
