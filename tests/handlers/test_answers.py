"""Answers are remembered, but not all of them for ever."""

from __future__ import annotations

from handlers.answers import Answer, Answers

SHOWN = Answer(1, (2,), ())


def test_the_oldest_is_forgotten() -> None:
    """Where there are too many, the one that was remembered longest ago goes first."""
    answers = Answers(most=2)
    for question in (1, 2):
        answers.remember(101, question, SHOWN)
    answers.remember(101, 1, SHOWN)
    answers.remember(101, 3, SHOWN)
    assert [answers.find(101, question) is not None for question in (1, 2, 3)] == [True, False, True]


def test_chats_are_kept_apart() -> None:
    """Messages of two chats may have the same number."""
    answers = Answers()
    answers.remember(101, 1, SHOWN)
    assert (answers.find(101, 1), answers.find(102, 1)) == (SHOWN, None)
