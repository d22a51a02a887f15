"""The README keeps its word: its commands run, and its example session is what one sees."""

from __future__ import annotations

import json
import re
import shutil
import sys
from collections.abc import Callable
from functools import cache

import pytest
from command_line import ROOT, run

from bot.dialogue.mind import Mind

README = (ROOT / "README.md").read_text(encoding="utf-8")
QUESTIONS = b"syarat seleksinya apa aja min?\napakah lamongan masuk 2018\nkalau lahat?\n"
RIGHT = (
    "Inti yang dinilai: kemampuan keuangan daerah",
    "Ya, Kabupaten Lamongan tercatat sebagai peserta tahun 2018",
    "Kabupaten Lahat tidak tercantum dalam daftar peserta 2018",
)

NOT_RUN = {
    "make test": "it is what runs this test",
    "cp config.example.yaml config.yaml": "it would overwrite the settings of whoever runs the tests",
    "TELEGRAM_BOT_TOKEN=123456789:your-token make run": "it needs a token and Telegram; tests/handlers has both",
    "make bench": "it takes minutes; tests/test_bench.py runs it on a tiny knowledge",
    ".venv/bin/python -m bot rehearse": "it asks a thousand questions, and how they fare is the curators' matter",
}
SET_UP = "-o .venv/bin/python -o .venv/runtime"  # make then takes for granted what only a network can give


def blocks(language: str) -> list[str]:
    """What stands in the fenced blocks of a language, without the indentation of a list."""
    found = re.findall(rf"^( *)```{language}\n(.*?)^ *```$", README, re.MULTILINE | re.DOTALL)
    return [re.sub(rf"^{indent}", "", block, flags=re.MULTILINE) for indent, block in found]


COMMANDS = [line for block in blocks("sh") for line in block.splitlines()]
RUN_HERE = [command for command in COMMANDS if command not in NOT_RUN]


Outcome = Callable[[str], tuple[int, str]]


@pytest.fixture(scope="module")
def outcome(mind: Mind, tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """Runs a command of the README once, with this Python and a database of its own: its status and its output."""
    file = tmp_path_factory.mktemp("readme") / "config.yaml"
    file.write_text(f"knowledge: {{path: '{ROOT / 'knowledge'}'}}\nstore: {{url: 'sqlite+aiosqlite:///bot.db'}}\n")

    @cache
    def run_once(command: str) -> tuple[int, str]:
        if "make" in command and not (ROOT / ".venv" / "bin" / "python").exists():
            pytest.skip("make needs the .venv that make test sets up")
        here = command.replace(".venv/bin/python", sys.executable).replace("make run", f"make {SET_UP} run")
        done = run(shutil.which("sh") or "sh", "-c", here, typed=QUESTIONS, BOT_CONFIG=str(file))
        return done.returncode, done.stdout.decode()

    return run_once


def test_the_commands_that_are_not_run_are_in_the_readme() -> None:
    """An exception without its command is a leftover."""
    assert [command for command in NOT_RUN if command not in COMMANDS] == []


@pytest.mark.parametrize("command", RUN_HERE)
def test_a_command_runs(command: str, outcome: Outcome) -> None:
    status, said = outcome(command)
    assert status == 0
    assert said


@pytest.mark.parametrize("command", [command for command in RUN_HERE if "make run" in command])
def test_the_three_questions_are_answered_with_their_sources(command: str, outcome: Outcome) -> None:
    _, said = outcome(command)
    _, *answers = said.split("\n> ")
    assert [answer.partition("\n")[0] for answer in answers] == QUESTIONS.decode().splitlines()
    for answer, right in zip(answers, RIGHT, strict=True):
        assert right in answer
        assert "\nSumber: " in answer


def test_the_example_session_is_what_one_sees(outcome: Outcome) -> None:
    _, said = outcome("make run")
    shown = [line.rstrip("… ") for line in blocks("text")[0].splitlines()]
    assert [line for line in shown if line not in said] == []


def test_the_example_reply_has_the_keys_of_a_real_one(outcome: Outcome) -> None:
    (command,) = (command for command in COMMANDS if "--jsonl" in command)
    _, said = outcome(command)
    assert list(json.loads(blocks("json")[0])) == list(json.loads(said.splitlines()[0]))


def test_the_table_names_every_knowledge_file() -> None:
    folder = ROOT / "knowledge"
    files = {path.name for path in folder.glob("*.yaml")} | {
        f"{path.name}/<topik>.yaml" for path in folder.iterdir() if path.is_dir() and any(path.glob("*.yaml"))
    }
    assert set(re.findall(r"^\| `([^`]+)` \|", README, re.MULTILINE)) == files


def test_the_diagram_names_every_room() -> None:
    rooms = {path.stem for path in (ROOT / "bot").iterdir() if not path.name.startswith("__")} | {"handlers"}
    diagram = next(block for block in blocks("text") if "puts the parts together" in block)
    assert [room for room in sorted(rooms) if not re.search(rf"\b{room}\b", diagram)] == []


@pytest.mark.parametrize("target", sorted(set(re.findall(r"\]\((?!https?:)([^)]+)\)", README))))
def test_a_link_leads_somewhere(target: str) -> None:
    assert (ROOT / target).exists()
