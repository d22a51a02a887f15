"""What the bot would answer without being asked: sure questions, and nothing of people's talk."""

from __future__ import annotations

import pytest

from bot.dialogue.mind import Mind
from bot.dialogue.volunteer import LONGEST, volunteers
from bot.model import Decision

TALK = [
    "rapat pokja besok jam 9 di aula",
    "siapa yang bawa proyektor?",
    "kapan kita kumpul lagi",
    "pak kadis sudah tanda tangan?",
    "ada yang punya nomor bu rina?",
    "mohon izin, undangannya sudah diterima belum ya",
    "terima kasih infonya pak",
    "masterplan kami sudah direvisi",
    "berapa anggaran konsumsi rapatnya?",
    "apakah Lamongan masuk 2018?",
    "kalau 2019?",
    "kok gitu",
    "apa?",
    "",
]


@pytest.mark.parametrize(
    "question",
    ["siapa yang membiayai tenaga ahli?", "apa itu indeks kota hijau", "enam dimensi smart city itu apa saja"],
)
def test_a_sure_question_is_taken(mind: Mind, question: str) -> None:
    assert volunteers(question, mind)


@pytest.mark.parametrize("text", TALK)
def test_talk_is_left_alone(mind: Mind, text: str) -> None:
    assert not volunteers(text, mind)


def test_a_long_account_is_left_alone(mind: Mind) -> None:
    question = "siapa yang membiayai tenaga ahli?"
    assert not volunteers(f"{'Kemarin kami rapat dengan semua dinas. ' * 6}{question}", mind)
    assert len(question) < LONGEST


def test_of_the_rehearsal_questions_only_right_ones_are_taken(mind: Mind) -> None:
    """None that shall be declined, and at most one in a hundred with another answer than the one foreseen."""
    taken = [
        turns[0]
        for turns in (r.turns for r in mind.knowledge.rehearsals)
        if len(turns) == 1 and volunteers(turns[0].question, mind)
    ]
    assert len(taken) > 100
    assert [t.question for t in taken if t.decisions == (Decision.DECLINE,)] == []
    foreseen = [t for t in taken if t.must]
    assert sum(answered(t.question, mind) in t.must for t in foreseen) >= 0.99 * len(foreseen)


def answered(question: str, mind: Mind) -> str:
    return mind.matcher.rank(question, 1).candidates[0].label
