"""Answers that are due."""

from datetime import date

import pytest
from knowledge_builder import FAQ_KONTAK, FAQ_PROGRAM, write_knowledge

from bot.curation.freshness import due
from bot.curation.load import load, locate

YEAR_LATER = date(2027, 11, 21)  # a year after the checks of 2026-11-21


def due_on(folder, day, **overrides):
    knowledge, problems = load(write_knowledge(folder, **overrides))
    assert problems == ()
    return due(knowledge, locate(folder), day)


CHECKED = {  # one entry was checked on 2026-11-20, two on 2026-11-21
    "on the day of the check": (date(2026, 11, 21), []),
    "a year after the first": (date(2027, 11, 20), []),
    "a day more": (YEAR_LATER, ["tempat-mou"]),
    "a year and a day after the last": (date(2027, 11, 22), ["kontak-program", "apa-itu-program", "tempat-mou"]),
}


@pytest.mark.parametrize(("day", "entries"), CHECKED.values(), ids=CHECKED)
def test_entry_is_due_a_year_after_its_check(tmp_path, day, entries):
    """Twelve months to the day are allowed."""
    found = due_on(tmp_path / "knowledge", day)
    assert [item.problem.message.split('"')[1] for item in found] == entries


def test_leap_day_is_a_day_like_others(tmp_path):
    """A check on 29 February is due from 1 March of the next year on."""
    leap = FAQ_KONTAK.replace("2026-11-21", "2028-02-29")
    on = {day: due_on(tmp_path / str(day) / "k", day, faq_kontak=leap) for day in (date(2029, 2, 28), date(2029, 3, 1))}
    assert [sum("kontak-program" in i.problem.message for i in found) for found in on.values()] == [0, 1]


def test_unchecked_entry_is_told_what_to_write(tmp_path):
    """The place, how old it is, and the very line to write."""
    (item,) = due_on(tmp_path / "knowledge", YEAR_LATER)
    assert (item.problem.file, item.problem.line, item.problem.warning) == ("knowledge/faq/program.yaml", 15, True)
    assert item.problem.message == (
        'entri "tempat-mou" terakhir diperiksa 20 Nov 2026, lebih dari 12 bulan lalu. Periksa jawabannya, lalu tulis '
        "diperiksa: 2027-11-21"
    )


def test_expired_entry_is_told_once(tmp_path):
    """Past its end an entry is expired, however long ago it was checked."""
    (item,) = [i for i in due_on(tmp_path / "knowledge", date(2028, 1, 1)) if "tempat-mou" in i.problem.message]
    assert item.problem.message.startswith('entri "tempat-mou" berlaku sampai 31 Des 2027: bot kini mengatakan')


def test_last_day_still_counts(tmp_path):
    """On the day that is named the answer still holds."""
    folder = tmp_path / "knowledge"
    fresh = FAQ_PROGRAM.replace("diperiksa: 2026-11-20", "diperiksa: 2027-12-01")
    found = due_on(folder, date(2027, 12, 31), faq_program=fresh)
    assert "tempat-mou" not in {item.problem.message.split('"')[1] for item in found}


def test_small_talk_never_grows_old(tmp_path):
    """A greeting needs no check."""
    greeting = FAQ_KONTAK.replace("jenis: belum-ada-data", "jenis: sapaan")
    found = due_on(tmp_path / "knowledge", date(2030, 1, 1), faq_kontak=greeting)
    assert "kontak-program" not in {item.problem.message.split('"')[1] for item in found}


def test_entries_stand_under_their_owner(tmp_path):
    """Owners in alphabetical order, entries without one last."""
    owned = FAQ_PROGRAM.replace("  ambang: 0.65\n", "  penanggung_jawab: Bagian Hukum\n").replace(
        "  terkait: [kontak-program]\n", "  penanggung_jawab: Aptika\n"
    )
    found = due_on(tmp_path / "knowledge", date(2030, 1, 1), faq_program=owned)
    assert [item.owner for item in found] == ["Aptika", "Bagian Hukum", ""]
