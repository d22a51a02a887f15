"""The tools of the knowledge's curators, as they call them: check, show, schemas."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from command_line import bot
from knowledge_builder import FAQ_KONTAK, FAQ_PROGRAM, write_knowledge
from typer.testing import CliRunner, Result

from bot.cli import app
from bot.curation.editor_help import schema_files

LONGEST_CHECK = 10.0  # seconds, for 210 entries, with all warnings


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder: a small sound knowledge, no settings, no token."""
    monkeypatch.chdir(tmp_path)
    for name in ("BOT_CONFIG", "TELEGRAM_BOT_TOKEN", "TELEGRAM_BASE_URL"):
        monkeypatch.delenv(name, raising=False)
    write_knowledge(tmp_path / "knowledge")
    return tmp_path


def call(*arguments: str) -> Result:
    return CliRunner().invoke(app, arguments)


# check


def test_check_warns_of_what_is_worth_a_look(here):
    """Thin entries are warnings, so that the exit status is 0."""
    told = call("check")
    assert told.exit_code == 0
    assert 'knowledge/faq/kontak.yaml:1: peringatan: entri "kontak-program" baru memuat 3 pertanyaan' in told.stdout


def test_check_without_lint_is_silent_about_it(here):
    """Only what the files themselves show is told."""
    told = call("check", "--no-lint")
    assert told.exit_code == 0
    assert told.stdout.startswith("Basis pengetahuan sah: 3 entri")


def test_check_puts_what_is_due_under_its_owner(here):
    """An entry that has run out is listed under who looks after it."""
    expired = FAQ_PROGRAM.replace("2027-12-31", "2026-11-20").replace(
        "  ambang: 0.65\n", "  penanggung_jawab: Aptika\n"
    )
    write_knowledge(here / "knowledge", faq_program=expired)
    told = call("check")
    heading, line = told.stdout.split("\n")[-4:-2]
    assert heading == "Perlu diperiksa, Aptika:"
    assert line.startswith('  knowledge/faq/program.yaml:15: peringatan: entri "tempat-mou" berlaku sampai 20 Nov 2026')


def test_check_knows_what_day_it_is(here):
    """A check that lies in the future is a mistake."""
    write_knowledge(here / "knowledge", faq_kontak=FAQ_KONTAK.replace("2026-11-21", "2099-01-01"))
    told = call("check")
    assert told.exit_code == 1
    assert "2099-01-01 belum tiba" in told.stdout


def test_phrasings_read_alike_end_with_1(here):
    """Two entries with the same words after terms are a mistake, though each file is sound."""
    twice = FAQ_KONTAK.replace("- ada nomor wa nya gak", "- di mana MoU ditandatangani nya gmn")
    once = FAQ_PROGRAM.replace("- mou-nya di mana ya kak", "- di mana MoU ditandatangani nya bagaimana")
    write_knowledge(here / "knowledge", faq_kontak=twice, faq_program=once)
    told = call("check")
    assert told.exit_code == 1
    assert "dibaca sama persis dengan" in told.stdout
    assert call("check", "--no-lint").exit_code == 0


def test_check_as_json_is_one_object(here):
    """Nothing but JSON stands on standard output."""
    (here / "knowledge" / "pesan.yaml").write_text("x: y\n")
    told = call("check", "--json", "--github")
    assert told.exit_code == 1
    found = json.loads(told.stdout)
    assert found["sound"] is False
    assert {"file", "line", "level", "message"} == found["problems"][0].keys()


def test_check_annotates_for_github(here):
    """One workflow command for every problem, then the report for the log."""
    told = call("check", "--github")
    assert "::warning file=knowledge/faq/kontak.yaml,line=1::" in told.stdout
    assert told.stdout.rstrip().split("\n")[-1].startswith("Basis pengetahuan sah")


def test_check_of_the_real_knowledge_is_quick():
    """From a cold start, with all warnings and nothing fitted before; in time of its own, whatever else is running."""
    before = os.times()
    told = bot("check")
    after = os.times()
    assert told.returncode == 0, told.stdout.decode()
    took = after.children_user - before.children_user + after.children_system - before.children_system
    assert took < LONGEST_CHECK


# show


def test_show_draws_an_entry_with_its_variants(here):
    """The answer itself, and one drawing for every variant."""
    told = call("show", "tempat-mou")
    assert told.exit_code == 0
    heads = [line for line in told.stdout.split("\n") if line in {"Chat pribadi", "Grup"} or line.startswith("Varian")]
    assert heads == ["Chat pribadi", "Varian tahun 2018", "Varian nomor 2"]
    assert "│ MoU 2018 ditandatangani di Jakarta." in told.stdout


def test_show_draws_the_version_for_groups(here):
    """An entry with a short version is shown as a group gets it."""
    told = call("show", "apa-itu-program", "--html")
    private, group = told.stdout.split("\n\nGrup\n")
    assert "<b>masterplan smart city</b>" in private
    assert "│ Program pembimbingan masterplan smart city sejak 2017." in group


def test_show_of_an_unknown_id_suggests_one(here):
    """A slip of the pen is helped, in Bahasa Indonesia."""
    told = CliRunner().invoke(app, ["show", "tempat-mo"])
    assert told.exit_code == 1
    assert 'Tidak ada entri "tempat-mo". Maksudnya "tempat-mou"?' in told.stderr


# schemas


def test_schemas_are_written_into_the_knowledge_folder(here):
    """Every file is named, and is there."""
    told = call("schemas")
    assert told.exit_code == 0
    written = {Path(line).name for line in told.stdout.split()}
    assert written == schema_files().keys() == {path.name for path in (here / "knowledge" / "skema").iterdir()}
