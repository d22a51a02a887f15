"""``python -m bot rehearse`` as staff run it."""

import shutil

import pytest
from typer.testing import CliRunner

from bot.cli import app


@pytest.fixture
def place(knowledge_folder, tmp_path, monkeypatch):
    """A folder with settings and the small knowledge, where the command is typed."""
    shutil.copytree(knowledge_folder, tmp_path / "knowledge")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BOT_CONFIG", "")
    return tmp_path


def rehearse(*options):
    return CliRunner().invoke(app, ["rehearse", *options])


def test_surprises_end_with_one(place):
    """What fails and isn't known to, or passes though it is marked, is shown and told to the shell."""
    done = rehearse()
    assert done.exit_code == 1
    assert "knowledge/uji/program.yaml:8: apa itu smart city\n    lulus: hapus gagal_diketahui\n" in done.stdout


def test_reports_are_written_where_asked(place):
    """The picture stands in the Markdown report under its own name."""
    rehearse("--csv", "uji.csv", "--markdown", "uji.md", "--svg", "uji.svg")
    assert (place / "uji.csv").read_bytes().startswith(b"\xef\xbb\xbfberkas,baris,")
    assert "](uji.svg)" in (place / "uji.md").read_text()
    assert (place / "uji.svg").read_text().startswith("<svg ")


def test_marked_failures_are_no_surprise(place):
    """After --mark-known the same questions are as foreseen."""
    assert rehearse("--mark-known").exit_code == 0
    assert rehearse().exit_code == 0


def test_report_that_cannot_be_written_names_the_remedy(place):
    done = rehearse("--csv", "tidak/ada.csv")
    assert done.exit_code == 1
    assert "tidak/ada.csv cannot be written" in done.stderr
