"""The Panduan: its example is sound, and ``check`` says of the ten usual mistakes exactly what stands there."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import NamedTuple

import pytest
from knowledge_builder import FILES, SUMBER, write_knowledge

from bot.curation.check import report
from bot.curation.load import load
from bot.model import Knowledge

PANDUAN = (Path(__file__).parent.parent.parent / "knowledge" / "README.md").read_text(encoding="utf-8")
TODAY = date(2026, 12, 1)
COMMENT = "# yaml-language-server: $schema=../skema/faq.schema.json\n"
EXAMPLE = COMMENT + re.search(r"```yaml\n(- id: jam-konsultasi\n.*?)```", PANDUAN, re.DOTALL)[1]
BESIDE = """\
- id: kontak-tim-kementerian
  judul: Kontak tim smart city kementerian
  jenis: belum-ada-data
  pertanyaan:
    - Bagaimana menghubungi tim smart city kementerian?
  jawaban: Belum ada data.
  diperiksa: 2026-11-21
"""
_LINE = re.compile(r"knowledge/faq/pelayanan\.yaml:(\d+): ")
_ELSEWHERE = re.compile(r"kontak\.yaml:\d+")  # the line in the real file moves when that file is edited


class Mistake(NamedTuple):
    """One of the ten: what somebody wrote, what should stand there, and what ``check`` says."""

    written: str
    meant: str
    told: str


def mistakes() -> dict[str, Mistake]:
    section = PANDUAN.split("## Sepuluh kesalahan")[1].split("\n## ")[0]
    found = {}
    for part in section.split("\n### ")[1:]:
        title, _, rest = part.partition("\n")
        blocks = re.findall(r"```\w+\n(.*?)\n```", rest, re.DOTALL)
        found[title] = Mistake(*blocks)
    return found


def checked(folder: Path, entry: str) -> tuple[Knowledge | None, list[str]]:
    """The example in a topic of its own, beside what it refers to; what ``check`` says of it."""
    source = "- {id: kominfo-lahat-2019, judul: Konsultasi Pemkab Lahat, jenis: kementerian}\n"
    contact = FILES["faq_kontak"][1] + BESIDE
    topics = FILES["topik"][1] + "- {id: pelayanan, judul: Pelayanan}\n"
    write_knowledge(folder, faq_pelayanan=entry, faq_kontak=contact, topik=topics, sumber=SUMBER + source)
    knowledge, problems = load(folder, TODAY)
    return knowledge, report(problems).split("\n")[: len(problems)]


def test_there_are_ten():
    """The heading keeps its promise."""
    assert [title.split(".")[0] for title in mistakes()] == [str(number) for number in range(1, 11)]


@pytest.mark.parametrize("mistake", mistakes().values(), ids=mistakes())
def test_check_says_what_stands_there(tmp_path, mistake):
    """The line as it was written gives this very message; the line as it was meant gives none."""
    number = int(_LINE.match(mistake.told)[1])
    lines = EXAMPLE.split("\n")

    def with_line(text: str) -> str:
        return "\n".join([*lines[: number - 1], text, *lines[number:]])

    _, told = checked(tmp_path / "knowledge", with_line(mistake.written))
    assert [_ELSEWHERE.sub("kontak.yaml:N", line) for line in told] == [_ELSEWHERE.sub("kontak.yaml:N", mistake.told)]
    assert checked(tmp_path / "knowledge", with_line(mistake.meant))[1] == []


def test_example_is_sound(tmp_path):
    """What a newcomer pastes in five minutes passes the check as it is."""
    knowledge, told = checked(tmp_path / "knowledge", EXAMPLE)
    assert told == []
    assert len(knowledge.entries["jam-konsultasi"].utterances) >= 8


def test_commands_of_the_panduan_exist():
    """Every ``python -m bot`` command that is named can be called."""
    from bot.cli import app  # noqa: PLC0415

    known = {command.name or command.callback.__name__ for command in app.registered_commands}
    assert set(re.findall(r"python -m bot (\w+)", PANDUAN)) <= known


def test_keys_of_an_entry_are_all_explained():
    """The table of keys knows every key that an entry can have."""
    from bot.curation.schema import EntryRecord  # noqa: PLC0415

    table = PANDUAN.split("### Kunci sebuah entri")[1].split("\n## ")[0]
    keys = {field.alias or name for name, field in EntryRecord.model_fields.items()}
    assert {key for key in keys if f"`{key}`" not in table} == set()
