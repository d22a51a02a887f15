"""Which questions one answer of staff serves, and what comes near a question."""

from __future__ import annotations

import pytest

from bot.dialogue.mind import Mind
from bot.dialogue.sameness import NEAREST, gist, nearest
from bot.model import EntryKind

SAME = [
    ("berapa ambang kelulusan asesmen", "ambang kelulusan asesmennya berapa ya"),
    ("passing grade asesmen brp", "nilia minimal lolos asesmen brpa"),
    ("minmal kapsitas fiskal brp", "kapasitas fiskal minimal brp biar lolos"),
    ("kapan KTP saya jadi?", "KTP saya kapan jadi"),
]
DIFFERENT = [
    ("berapa ambang kelulusan asesmen", "berapa ambang kelulusan asesmen 2022"),
    ("berapa kuota untuk Kabupaten Siak", "berapa kuota untuk Kabupaten Lahat"),
    ("berapa kuota Jawa Timur", "berapa kuota Jawa Barat"),
    ("masterplan berlaku brp tahun", "mou berlaku brp tahun"),
    ("bimtek 2 kapan", "bimtek 3 kapan"),
    ("berapa ambang kelulusan asesmen", "apakah ada honor untuk anggota pokja"),
    ("ini apa", ""),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_one_answer_serves_both(mind: Mind, one: str, other: str) -> None:
    assert gist(one, mind).same_as(gist(other, mind))
    assert gist(other, mind).same_as(gist(one, mind))


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_two_answers_are_needed(mind: Mind, one: str, other: str) -> None:
    assert not gist(one, mind).same_as(gist(other, mind))
    assert not gist(other, mind).same_as(gist(one, mind))


def test_joined_rehearsal_questions_have_the_same_answer(mind: Mind) -> None:
    """Of what is joined among questions without data, at least nine pairs in ten are foreseen to be the same."""
    asked = [
        (gist(turns[0].question, mind), set(turns[0].must))
        for turns in (rehearsal.turns for rehearsal in mind.knowledge.rehearsals)
        if len(turns) == 1 and any(mind.knowledge.entries[e].kind is EntryKind.NO_DATA for e in turns[0].must)
    ]
    pairs = [(a, b) for number, a in enumerate(asked) for b in asked[:number] if a[0].same_as(b[0])]
    assert len(pairs) > len(asked) / 2
    assert sum(bool(a[1] & b[1]) for a, b in pairs) >= 0.9 * len(pairs)


def test_what_comes_near(mind: Mind) -> None:
    found = nearest("syarat seleksi apa saja", mind)
    assert found[0][0].id == "syarat-seleksi"
    assert 0 < len(found) <= NEAREST
    scores = [score for _, score in found]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)
