"""The picture of confusions."""

from xml.etree import ElementTree

from bot.model import Decision, RehearsalTurn, Reply
from bot.rehearsal.figures import Report
from bot.rehearsal.judge import Result
from bot.rehearsal.picture import LARGEST, confusion_picture

SVG = "{http://www.w3.org/2000/svg}"


def texts(picture):
    return [element.text for element in ElementTree.fromstring(picture).iter(f"{SVG}text")]


def confused(asked, told):
    turn = RehearsalTurn("…", must=(asked,))
    return Result(turn, Reply(Decision.ANSWER, "…", entries=(told,)), "" if asked == told else "keliru")


def test_names_stand_on_both_sides_and_counts_in_the_cells(report):
    shown = texts(confusion_picture(report))
    assert shown[0] == "Baris: ditanyakan. Kolom: yang keluar. Tampak 4 dari 4 kekeliruan."
    assert shown.count("apa-itu-program") == 2
    assert shown.count("(tabel)") == 2


def test_right_replies_stand_on_the_diagonal():
    results = [confused("a", "a"), confused("a", "a"), *[confused("a", "b")] * 3]
    squares = ElementTree.fromstring(confusion_picture(Report("v", tuple(results)))).iter(f"{SVG}rect")
    _, aa, ab, ba, bb = squares
    assert aa.get("fill") != ab.get("fill") != ba.get("fill") == bb.get("fill")
    assert texts(confusion_picture(Report("v", tuple(results))))[1:] == ["a", "a", "2", "3", "b", "b"]


def test_only_the_most_confused_entries_are_shown():
    rare = [confused(f"jarang-{n:02}", f"lain-{n:02}") for n in range(LARGEST)]
    picture = texts(confusion_picture(Report("v", (*rare, *[confused("sering", "tertukar")] * 2))))
    assert {"sering", "tertukar"} <= set(picture)
    assert len({text for text in picture if not text.isdecimal()}) == 1 + LARGEST
    assert "dari 26 kekeliruan" in picture[0]


def test_picture_without_confusions_is_an_empty_matrix():
    assert texts(confusion_picture(Report("v", (confused("a", "a"),)))) == [
        "Baris: ditanyakan. Kolom: yang keluar. Tampak 0 dari 0 kekeliruan."
    ]
