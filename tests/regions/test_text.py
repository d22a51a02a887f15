"""Words and where they stand."""

from __future__ import annotations

import pytest

from bot.regions.text import Words, read_tokens

TEXTS = {
    "plain": ("Kab. Lamongan", ["kab", "lamongan"]),
    "digits glued to letters": ("lamongan2018", ["lamongan", "2018"]),
    "accent as one character": ("Lamôngan", ["lamongan"]),
    "accent as two characters": ("Lamo\u0302ngan", ["lamongan"]),
    "stretched": ("bandunggggg", ["bandung"]),
    "hyphen": ("bau-bau", ["bau", "bau"]),
    "underscore": ("kab_bogor", ["kab", "bogor"]),
    "other scripts fold to nothing": ("北京", [""]),
    "no word": ("?! …", []),
}


@pytest.mark.parametrize(("text", "words"), TEXTS.values(), ids=TEXTS)
def test_words_of_a_text(text: str, words: list[str]) -> None:
    """Letters and digits apart, folded, punctuation left out."""
    assert [token.text for token in read_tokens(text)] == words


SPANS = {
    "punctuation": ("Kab. Lamongan 2018!", ["Kab", "Lamongan", "2018"]),
    "accents": ("Lamo\u0302ngan  \u00e9", ["Lamo\u0302ngan", "\u00e9"]),
    "letters and digits": ("a\u0301b2c", ["a\u0301b", "2", "c"]),
}


@pytest.mark.parametrize(("text", "slices"), SPANS.values(), ids=SPANS)
def test_spans_are_those_of_the_text_as_given(text: str, slices: list[str]) -> None:
    """A span holds exactly the characters of its word, accents too."""
    assert [text[token.start : token.end] for token in read_tokens(text)] == slices


def test_capitals_are_remembered() -> None:
    """Case is lost in the text of a token, not in its flags."""
    assert [(t.upper, t.capital) for t in read_tokens("TTS Batu batu 5")] == [
        (True, True),
        (False, True),
        (False, False),
        (False, False),
    ]


def test_word_outside_of_the_text_is_empty() -> None:
    """Neighbours of the first and last word can be asked for."""
    words = Words("satu dua", tuple(read_tokens("satu dua")))
    assert (words.at(-1), words.at(0), words.at(2)) == ("", "satu", "")
