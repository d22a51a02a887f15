"""The questions are asked of the real assistant, as a person would ask them."""

from bot.model import Decision


def test_every_question_that_expects_something_has_a_result(report):
    """What only prepares the next question is asked, not judged."""
    asked = [result.turn.question for result in report.results]
    assert len(asked) == 10
    assert "daerah saya Lamongan" not in asked


def test_questions_of_a_dialogue_are_one_conversation(report):
    """A digit chooses among the options of the question before."""
    first, second = [result for result in report.results if result.conversation == 1]
    assert first.reply.decision is Decision.CLARIFY
    assert second.passed
    assert first.in_dialogue


def test_single_questions_know_nothing_of_each_other(report):
    """Every conversation is that of a new person."""
    singles = [result for result in report.results if not result.in_dialogue]
    assert len({result.conversation for result in singles}) == len(singles) == 7


def test_report_names_the_knowledge_it_asked(report):
    assert len(report.version) == 12
