"""The last good state of the knowledge files: whole or not at all, and only what was in service."""

from __future__ import annotations

from pathlib import Path

import pytest
from knowledge_builder import FAQ_PROGRAM, write_knowledge

from bot.curation.last_good import LastGood
from bot.curation.load import load
from bot.curation.watch import fingerprint

BETTER = FAQ_PROGRAM.replace("Program yang membimbing", "Gerakan yang mendampingi")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_knowledge(tmp_path / "knowledge")


@pytest.fixture
def last_good(folder: Path, tmp_path: Path) -> LastGood:
    return LastGood(folder, tmp_path / "data" / "knowledge")


def version(folder: Path) -> str:
    knowledge, _ = load(folder)
    assert knowledge is not None
    return knowledge.version


def keep(last_good: LastGood) -> str:
    """Keeps what is there now, as after a load; returns its version."""
    loaded = version(last_good.folder)
    last_good.keep(loaded, fingerprint(last_good.folder))
    return loaded


def found(last_good: LastGood) -> str:
    knowledge = last_good.find()
    return "" if knowledge is None else knowledge.version


def kept(last_good: LastGood) -> list[str]:
    return [path.name for path in last_good.place.glob("*/*")]


def test_nothing_is_kept_at_first(last_good: LastGood) -> None:
    assert last_good.find() is None


def test_what_was_kept_is_found_whatever_becomes_of_the_files(last_good: LastGood) -> None:
    good = keep(last_good)
    (last_good.folder / "faq" / "program.yaml").write_text("rusak", encoding="utf-8")
    (last_good.folder / "sumber.yaml").unlink()
    assert found(last_good) == good


def test_only_the_newest_is_kept(last_good: LastGood) -> None:
    keep(last_good)
    (last_good.folder / "faq" / "program.yaml").write_text(BETTER, encoding="utf-8")
    newest = keep(last_good)
    assert (found(last_good), kept(last_good)) == (newest, [newest])


def test_an_edit_that_is_taken_back_is_the_newest_again(last_good: LastGood) -> None:
    first = keep(last_good)
    (last_good.folder / "faq" / "program.yaml").write_text(BETTER, encoding="utf-8")
    keep(last_good)
    (last_good.folder / "faq" / "program.yaml").write_text(FAQ_PROGRAM, encoding="utf-8")
    assert keep(last_good) == found(last_good) == first


def test_files_that_changed_after_they_were_loaded_are_not_kept(last_good: LastGood) -> None:
    """They may be half written; whoever watches them keeps them once they are in service."""
    good = keep(last_good)
    seen = fingerprint(last_good.folder)
    (last_good.folder / "faq" / "program.yaml").write_text(BETTER, encoding="utf-8")
    last_good.keep("lebih-baru", seen)
    assert (found(last_good), kept(last_good)) == (good, [good])


def test_a_copy_that_was_not_finished_is_never_taken(last_good: LastGood) -> None:
    """As a kill or a power cut leaves it."""
    good = keep(last_good)
    own = next(last_good.place.iterdir())
    write_knowledge(own / "abc.1.tmp" / "knowledge", faq_program=BETTER)
    assert found(last_good) == good


def test_a_copy_that_this_program_cannot_read_is_passed_over(last_good: LastGood) -> None:
    """After an update of the program, or a disk fault."""
    keep(last_good)
    for file in last_good.place.rglob("pesan.yaml"):
        file.write_text("mulai: halo\n", encoding="utf-8")
    assert last_good.find() is None


def test_two_folders_share_a_place_without_meeting(last_good: LastGood, tmp_path: Path) -> None:
    keep(last_good)
    other = LastGood(write_knowledge(tmp_path / "lain" / "knowledge", faq_program=BETTER), last_good.place)
    assert other.find() is None
    theirs = keep(other)
    assert found(last_good) != found(other) == theirs


def test_a_place_that_cannot_be_written_is_logged(last_good: LastGood, caplog: pytest.LogCaptureFixture) -> None:
    last_good.place.parent.write_text("a file where the folder should be")
    keep(last_good)
    assert "the knowledge could not be kept in" in caplog.text
    assert last_good.find() is None


def test_what_editors_leave_behind_is_not_copied(last_good: LastGood) -> None:
    (last_good.folder / "faq" / ".program.yaml.swp").write_text("sementara")
    (last_good.folder / "faq" / "program.yaml~").write_text("cadangan")
    keep(last_good)
    names = {path.name for path in last_good.place.rglob("*") if path.is_file()}
    assert names == {path.name for path in last_good.folder.rglob("*.yaml")}
