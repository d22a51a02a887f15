"""``python -m bot impact`` as staff run it."""

import asyncio
import csv
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli import app
from bot.model import Asker
from bot.store.store import LoggedQuestion, Store
from tests.knowledge_builder import write_knowledge

UJI = """\
- {tanya: "program smart city itu apa", harus: [apa-itu-program]}
- {tanya: "nomor kontak program", harus: [kontak-program]}
"""
GIT = shutil.which("git")
needs_git = pytest.mark.skipif(GIT is None, reason="git is not installed")
NO_LOG = "2 pertanyaan uji dan 0 pertanyaan nyata ditanyakan pada keduanya."


def impact(*options: str) -> Result:
    return CliRunner().invoke(app, ["impact", *options])


def replace_in(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder without settings where the command is typed: knowledge/, and a copy of it in lama/."""
    write_knowledge(tmp_path / "knowledge")
    (tmp_path / "knowledge" / "uji").mkdir()
    (tmp_path / "knowledge" / "uji" / "program.yaml").write_text(UJI, encoding="utf-8")
    shutil.copytree(tmp_path / "knowledge", tmp_path / "lama")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BOT_CONFIG", "")
    return tmp_path


@pytest.fixture
def faq(place: Path) -> Path:
    """The file that is edited."""
    return place / "knowledge" / "faq" / "program.yaml"


def ask_in_the_past(place: Path, *texts: str, days: int = 1) -> None:
    async def fill() -> None:
        store = await Store.open(f"sqlite+aiosqlite:///{place}/data/bot.db")
        for text in texts:
            question = LoggedQuestion(text, "answer", (), 0.9, "abc", group=False, kind="faq")
            await store.record(Asker("1", "1"), datetime.now(UTC) - timedelta(days=days), question, lambda _: None)
        await store.close()

    asyncio.run(fill())


def test_without_an_edit_nothing_changes(place: Path) -> None:
    done = impact("--against-folder", "lama")
    assert done.exit_code == 0
    assert done.stdout.splitlines()[-1] == "Tidak ada balasan yang berubah."
    assert NO_LOG in done.stdout


def test_an_edit_is_shown_and_no_test_breaks(faq: Path) -> None:
    replace_in(faq, "Program yang membimbing", "Gerakan yang membimbing")
    done = impact("--against-folder", "lama")
    assert done.exit_code == 0
    assert "berubah   program smart city itu apa" in done.stdout
    assert done.stdout.endswith("1 pertanyaan akan dibalas lain; tidak ada pertanyaan uji yang rusak.\n")


def test_an_edit_that_breaks_a_test_ends_with_one(faq: Path) -> None:
    replace_in(faq, "judul: Apa itu program 100 Smart City\n", "judul: Apa itu program\n  ambang: 0.999\n")
    done = impact("--against-folder", "lama")
    assert done.exit_code == 1
    assert "\nknowledge/uji/program.yaml:1: program smart city itu apa\n    " in done.stdout
    assert "seharusnya apa-itu-program" in done.stdout


def test_what_people_asked_is_asked_too(place: Path, faq: Path) -> None:
    """The most frequent questions of the last days, and only those."""
    ask_in_the_past(place, "smart city itu apa sih min", "smart city itu apa sih min", "apa program smart city")
    ask_in_the_past(place, "program smart city apa ya", days=40)
    replace_in(faq, "Program yang membimbing", "Gerakan yang membimbing")
    done = impact("--against-folder", "lama")
    assert "2 pertanyaan uji dan 2 pertanyaan nyata ditanyakan" in done.stdout
    assert "pertanyaan nyata, ditanya 2×" in done.stdout
    assert "1 pertanyaan nyata ditanyakan" in impact("--against-folder", "lama", "--most", "1").stdout
    assert "3 pertanyaan nyata ditanyakan" in impact("--against-folder", "lama", "--days", "50").stdout


def test_asking_leaves_no_trace(place: Path) -> None:
    """Neither in the log, nor a database where there is none."""
    impact("--against-folder", "lama")
    assert not (place / "data" / "bot.db").exists()
    ask_in_the_past(place, "smart city itu apa sih min")
    for _ in range(2):
        assert "1 pertanyaan nyata ditanyakan" in impact("--against-folder", "lama").stdout


def test_reports_are_written_where_asked(place: Path, faq: Path) -> None:
    replace_in(faq, "Program yang membimbing", "Gerakan yang membimbing")
    impact("--against-folder", "lama", "--csv", "dampak.csv", "--markdown", "dampak.md")
    with (place / "dampak.csv").open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["keadaan"], row["asal"]) == ("berubah", "knowledge/uji/program.yaml:1")
    assert (place / "dampak.md").read_text(encoding="utf-8").startswith("# Dampak penyuntingan\n")


def test_mistakes_in_the_edit_are_told_instead(faq: Path) -> None:
    replace_in(faq, "  jawaban: |", "  jawabn: |")
    done = impact("--against-folder", "lama")
    assert done.exit_code == 1
    assert 'kunci "jawabn" tidak dikenal' in done.stderr


def test_sentences_of_another_version_of_the_program_are_left_out(place: Path) -> None:
    (place / "lama" / "pesan.yaml").write_text("mulai: Halo\n", encoding="utf-8")
    done = impact("--against-folder", "lama")
    assert done.exit_code == 0
    assert "pesan.yaml pembanding tidak cocok dengan program ini" in done.stderr


def test_a_missing_folder_is_named(place: Path) -> None:
    done = impact("--against-folder", "tidak-ada")
    assert done.exit_code == 1
    assert done.stderr == "Folder tidak-ada tidak ada. Periksa --against-folder.\n"


@needs_git
def test_the_last_commit_is_what_it_compares_with(place: Path, faq: Path) -> None:
    identity = ("-c", "user.name=Ani", "-c", "user.email=ani@example.test", "-c", "commit.gpgsign=false")
    for command in (["init", "--quiet"], ["add", "knowledge"], ["commit", "--quiet", "--message", "satu"]):
        subprocess.run([GIT or "git", *identity, *command], cwd=place, check=True, capture_output=True)
    replace_in(faq, "Program yang membimbing", "Gerakan yang membimbing")
    done = impact()
    assert done.exit_code == 0
    assert "Dibandingkan dengan HEAD (versi " in done.stdout
    assert "1 pertanyaan akan dibalas lain" in done.stdout


@needs_git
def test_outside_of_git_it_says_how_to_do_without(place: Path) -> None:
    done = impact("--against", "HEAD~1")
    assert done.exit_code == 1
    assert "knowledge tidak berada dalam repositori git" in done.stderr
    assert "--against-folder FOLDER" in done.stderr
