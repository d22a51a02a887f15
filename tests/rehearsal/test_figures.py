"""What a rehearsal adds up to."""

import pytest

from bot.rehearsal.figures import Report, Share
from bot.rehearsal.judge import ASKED_BACK, DECLINED, TABLE, Verdict


def test_shares_count_what_passed(report):
    assert report.passed == Share(6, 10)
    assert report.dialogues == Share(1, 2)


def test_known_failures_are_told_apart(report):
    assert [r.turn.question for r in report.failures] == [
        "nomor kontak",
        "cara membuat ktp",
        "di mana mou ditandatangani",
    ]
    assert [r.turn.question for r in report.known] == ["malang 2018"]
    assert [r.turn.question for r in report.mended] == ["apa itu smart city"]


def test_report_is_sound_only_without_surprises(report):
    assert not report.sound
    foreseen = tuple(result for result in report.results if result.as_foreseen)
    assert Report("v", foreseen).sound


def test_verdicts_count_what_people_got(report):
    assert report.verdicts() == {
        Verdict.ANSWERED_RIGHT: 4,
        Verdict.ANSWERED_WRONG: 2,
        Verdict.ASKED_RIGHT: 2,
        Verdict.ASKED_WRONG: 0,
        Verdict.DECLINED_RIGHT: 1,
        Verdict.DECLINED_WRONG: 1,
    }


def test_precision_is_that_of_direct_answers(report):
    assert report.precision == Share(4, 6)


def test_styles_and_topics_have_shares(report):
    assert report.by_style() == {
        "dialog": Share(2, 3),
        "obrolan": Share(1, 2),
        "resmi": Share(2, 2),
        "tanpa gaya": Share(1, 3),
    }
    assert report.by_topic() == {"dialog": Share(2, 3), "program": Share(4, 7)}


def test_entries_have_recall_precision_and_what_was_told_instead(report):
    figures = {entry.entry: entry for entry in report.entries()}
    program, contact, place = (figures[i] for i in ("apa-itu-program", "kontak-program", "tempat-mou"))
    assert (program.recall, program.precision) == (Share(2, 3), Share(2, 2))
    assert program.taken_for == (("tempat-mou", 1),)
    assert (contact.recall, contact.precision) == (Share(1, 2), Share(1, 2))
    assert (place.recall, place.precision) == (Share(0, 1), Share(0, 1))


def test_confusions_name_both_sides(report):
    assert report.confusions() == (
        (TABLE, ASKED_BACK, 1),
        ("apa-itu-program", "tempat-mou", 1),
        ("kontak-program", DECLINED, 1),
        ("tempat-mou", "kontak-program", 1),
    )


SHARES = {"some": (Share(1, 4), "1/4 (25.0%)"), "nothing": (Share(0, 0), "0/0 (100.0%)")}


@pytest.mark.parametrize(("share", "shown"), SHARES.values(), ids=SHARES)
def test_share_is_shown_with_its_percentage(share, shown):
    assert str(share) == shown
