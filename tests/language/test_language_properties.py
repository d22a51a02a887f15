"""Properties of words and ranking that hold for any text, with the real knowledge where it matters."""

from __future__ import annotations

import subprocess
import sys

import pytest
from command_line import ROOT, environment
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.dialogue.mind import Mind
from bot.language.matching import Matcher
from bot.language.normalize import YEAR_WORD, tokens
from bot.language.spelling import Speller

same_on_every_run = settings(derandomize=True, deadline=None, max_examples=100)
few_examples = settings(derandomize=True, deadline=None, max_examples=30)

_VOCABULARY = "apa siapa berapa kapan syarat asesor bimtek daerah program masterplan nota evaluasi kota tahun 2018"
VOCABULARY = _VOCABULARY.split()
WORDS = st.lists(st.sampled_from(VOCABULARY), min_size=1, max_size=6)
TYPED = WORDS.map(" ".join) | st.text(max_size=40)
LETTERS = "abcdefghijklmnopqrstuvwxyz"


# --- normalisation --------------------------------------------------------------------------------------------------


@same_on_every_run
@given(st.text())
def test_normalising_any_text_twice_changes_nothing(text: str) -> None:
    once = [word for word in tokens(text) if word != YEAR_WORD]
    assert [word for word in tokens(" ".join(once)) if word != YEAR_WORD] == once


def test_the_standard_words_of_the_knowledge_are_left_as_they_are(mind: Mind) -> None:
    """No abbreviation is written out in words that are abbreviations themselves."""
    changed = {typed: std for typed, std in mind.knowledge.terms.items() if tokens(std, mind.terms) != tokens(std)}
    assert changed == {}


@same_on_every_run
@given(TYPED, st.sampled_from(["\t", "\n", "  ", "\u00a0", "\u2003", "\r\n"]))
def test_any_space_is_a_space(text: str, space: str) -> None:
    assert tokens(space.join(text.split(" "))) == tokens(text)


# --- spelling -------------------------------------------------------------------------------------------------------


@same_on_every_run
@given(st.text(max_size=30) | st.text(LETTERS, max_size=12))
def test_a_repaired_word_needs_no_repair(mind: Mind, word: str) -> None:
    speller = mind.matcher.speller
    assert speller.repair(speller.repair(word)) == speller.repair(word)


@same_on_every_run
@given(
    st.lists(st.text("abcde", min_size=3, max_size=6), min_size=1, max_size=20),
    st.text("abcde", min_size=3, max_size=6),
    st.randoms(use_true_random=False),
)
def test_the_order_of_the_knowledge_decides_no_repair(known: list[str], typed: str, chance) -> None:
    shuffled = known[:]
    chance.shuffle(shuffled)
    assert Speller(known).repair(typed) == Speller(shuffled).repair(typed)


# --- ranking --------------------------------------------------------------------------------------------------------

PHRASINGS = st.lists(st.tuples(WORDS.map(" ".join), st.sampled_from("abcdef")), min_size=1, max_size=25)
"""Phrasings with their labels; few words and few labels, so that many are alike."""


def fitted(pairs: list[tuple[str, str]]) -> Matcher:
    return Matcher([text for text, _ in pairs], [label for _, label in pairs])


@few_examples
@given(PHRASINGS, TYPED)
def test_candidates_are_ordered_by_score_and_ties_by_label(pairs: list[tuple[str, str]], asked: str) -> None:
    candidates = fitted(pairs).rank(asked, 99).candidates
    assert list(candidates) == sorted(candidates, key=lambda candidate: (-candidate.score, candidate.label))


@few_examples
@given(PHRASINGS, TYPED, st.data())
def test_the_order_of_entries_decides_nothing(pairs: list[tuple[str, str]], asked: str, data: st.DataObject) -> None:
    """The files may be read in any order, as long as each entry keeps its own phrasings in theirs."""
    labels = data.draw(st.permutations(sorted({label for _, label in pairs})))
    reordered = [pair for label in labels for pair in pairs if pair[1] == label]
    assert repr(fitted(reordered).rank(asked, 99)) == repr(fitted(pairs).rank(asked, 99))


@few_examples
@given(WORDS, st.sampled_from(["?", "!!", "...", " 🙏", " :)", " - "]), st.booleans())
def test_capitals_and_punctuation_rank_alike(mind: Mind, words: list[str], mark: str, capitals: bool) -> None:
    plain = " ".join(words)
    typed = mark.join([*words, ""])
    assert mind.matcher.rank(typed.upper() if capitals else typed) == mind.matcher.rank(plain)


@same_on_every_run
@given(st.text(max_size=80))
def test_any_text_is_ranked_within_bounds(mind: Mind, text: str) -> None:
    ranking = mind.matcher.rank(text)
    assert len(ranking.words) == len(ranking.repaired)
    assert 0.0 <= ranking.known <= 1.0
    assert all(0.0 <= candidate.covered <= 1.0 for candidate in ranking.candidates)


FIT = """
from bot.language.calibration import calibrate
from bot.language.matching import Matcher
words = "apa siapa berapa kapan syarat asesor bimtek daerah program masterplan".split()
texts = [f"{a} {b} {c}" for a in words for b in words for c in words if a < b < c]
labels = [str(n % 7) for n in range(len(texts))]
matcher = Matcher(texts, labels)
print(calibrate(matcher, {"6"}, 0.9, 0.1))
for text in (*texts[::9], "syart bimtk", "kapan", "zzz"):
    print(matcher.rank(text, 9))
"""


@pytest.fixture(scope="module")
def fits() -> list[bytes]:
    """What a knowledge is fitted to in two processes that order their sets of strings differently."""
    processes = [
        subprocess.run(
            [sys.executable, "-c", FIT], capture_output=True, cwd=ROOT, env=environment(PYTHONHASHSEED=seed), check=True
        )
        for seed in ("1", "2")
    ]
    return [process.stdout for process in processes]


def test_the_same_knowledge_gives_the_same_bytes_in_every_process(fits: list[bytes]) -> None:
    assert fits[0] == fits[1]
    assert fits[0].startswith(b"Cuts(answer=")
