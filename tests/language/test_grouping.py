"""Questions that say nearly the same stand together, others apart, whatever the order."""

import random

import pytest

from bot.dialogue.interpret import interpret
from bot.dialogue.mind import Mind, phrasings
from bot.language.grouping import ALIKE, group
from bot.language.normalize import tokens

SCHOLARSHIP = ("ada beasiswa untuk asn", "beasiswa untuk pegawai pemda ada", "beasiswa asn ada tidak")
OFFICE = ("kantor komdigi buka jam berapa", "jam berapa kantor komdigi buka")
ALONE = ("harga cabai hari ini",)


def grouped(texts: tuple[str, ...], cut: float = ALIKE) -> list[list[str]]:
    numbers = group([tokens(text) for text in texts], [], cut)
    return [[texts[number] for number in one] for one in numbers]


def test_questions_alike_stand_together() -> None:
    assert grouped((*SCHOLARSHIP, *OFFICE, *ALONE)) == [[*SCHOLARSHIP], [*OFFICE], [*ALONE]]


def test_groups_come_in_the_order_of_their_first_question() -> None:
    assert grouped((OFFICE[0], *SCHOLARSHIP[:2], OFFICE[1])) == [[*OFFICE], [*SCHOLARSHIP[:2]]]


def test_the_order_does_not_matter() -> None:
    texts = [*SCHOLARSHIP, *OFFICE, *ALONE]
    sorted_groups = {frozenset(one) for one in grouped(tuple(texts))}
    for seed in range(5):
        random.Random(seed).shuffle(texts)
        assert {frozenset(one) for one in grouped(tuple(texts))} == sorted_groups


@pytest.mark.parametrize(("cut", "groups"), [(0.0, 1), (1.1, 6)])
def test_the_cut_decides(cut: float, groups: int) -> None:
    assert len(grouped((*SCHOLARSHIP, *OFFICE, *ALONE), cut)) == groups


def test_nothing_makes_no_groups() -> None:
    assert group([], [("apa",)]) == []


def test_a_text_without_words_stands_alone() -> None:
    assert group([(), ("apa",), ()], []) == [[0], [1], [2]]


def test_what_every_question_says_holds_no_group_together() -> None:
    """The background tells that "smart city" means little here."""
    texts = [("smart", "city", "dana"), ("smart", "city", "jadwal")]
    assert group(texts, []) == [[0, 1]]
    assert group(texts, [("smart", "city", f"kata{number}") for number in range(200)]) == [[0], [1]]


def test_rehearsal_questions_stand_with_those_of_their_own_entry(mind: Mind) -> None:
    """What the cut was chosen for: nine of ten stand in a group in which most ask for the same entry."""
    asked = [r.turns[0] for r in mind.knowledge.rehearsals if len(r.turns) == 1 and r.turns[0].must][::3]
    words = [interpret(turn.question, mind).ranking.repaired for turn in asked]
    groups = group(words, [tokens(text, mind.terms) for _, text in phrasings(mind.knowledge)])
    right = 0
    for numbers in groups:
        wanted = [asked[number].must for number in numbers]
        right += max(sum(entry in must for must in wanted) for must in wanted for entry in must)
    assert right >= 0.9 * len(asked)
    assert len(groups) < 0.95 * len(asked)
