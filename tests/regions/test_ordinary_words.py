"""The list of words that are no mistyped names."""

from __future__ import annotations

from pathlib import Path

from bot.curation.load import load
from bot.regions.ordinary_words import ORDINARY_WORDS

KNOWLEDGE = Path(__file__).parents[2] / "knowledge"


def test_words_are_folded() -> None:
    """Lower-case letters only, as texts are compared."""
    assert [word for word in ORDINARY_WORDS if not (word.isalpha() and word.isascii() and word.islower())] == []


def test_no_region_has_an_ordinary_word_for_its_name() -> None:
    """Otherwise the region would be weak everywhere; that is what kata_umum is for, which staff can see."""
    knowledge, problems = load(KNOWLEDGE)
    assert knowledge, problems
    assert sorted(r.name for r in knowledge.regions.values() if r.name.lower() in ORDINARY_WORDS) == []
