"""The README keeps its word: its commands run, and its example session is what one sees."""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
from collections.abc import Callable
from functools import cache, reduce
from pathlib import Path

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
    "curl --silent http://127.0.0.1:9464/healthz": "nothing is running; tests/test_operations.py asks a running bot",
    "curl --silent http://127.0.0.1:9464/metrics": "as above",
}
SET_UP = "-o .venv/bin/python -o .venv/runtime"  # make then takes for granted what only a network can give


def blocks(language: str) -> list[str]:
    """What stands in the fenced blocks of a language, without the indentation of a list."""
    found = re.findall(rf"^( *)```{language}\n(.*?)^ *```$", README, re.MULTILINE | re.DOTALL)
    return [re.sub(rf"^{indent}", "", block, flags=re.MULTILINE) for indent, block in found]


COMMANDS = [line for block in blocks("sh") for line in block.splitlines()]
RUN_HERE = [command for command in COMMANDS if command not in NOT_RUN]


Outcome = Callable[[str], tuple[int, str]]

# Commands for a server run as they stand, with these in place of what belongs to root: the programs only tell what they
# were asked, but for sudo, which runs it, and systemctl, which lets the bot run once and leave its files behind.
STAND_INS = {
    "sudo": 'if [ "$1" = -u ]; then shift 2; fi\nexec "$@"',
    "useradd": 'echo "$0 $*"',
    "journalctl": 'echo "$0 $*"',
    "systemctl": 'echo "$0 $*"\ncase "$1" in enable | start)\n'
    "  echo keluar | {python} -m bot chat --config {etc}/config.yaml || exit\nesac",
    "install": '[ "$4" != -g ] || { set -- "$1" "$2" "$3" "$6" "$7"; }\n{install} "$@" && echo ok',
}
SERVER_PLACES = ("/opt/tanya-smart-city", "/etc/tanya-smart-city", "/etc/systemd/system", "/var/lib/tanya-smart-city")


class Server:
    """The folders of a server below ``folder``, and stand-ins for what only root may do there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.programs = folder / "programs"
        self.programs.mkdir(parents=True)
        places = {
            "{python}": sys.executable,
            "{etc}": self.placed("/etc/tanya-smart-city"),
            "{install}": shutil.which("install") or "install",
        }
        for name, script in STAND_INS.items():
            made = reduce(lambda text, place: text.replace(place, places[place]), places, script)
            self._write(self.programs / name, f"#!/bin/sh\n{made}\n").chmod(0o755)
        self._fill()

    def placed(self, text: str) -> str:
        """A text with the places of a server below the folder."""
        for place in SERVER_PLACES:
            text = text.replace(place, f"{self.folder}{place}")
        return text

    def _fill(self) -> None:
        program = Path(self.placed(SERVER_PLACES[0]))
        for place in SERVER_PLACES:
            if "systemd" in place or "lib" in place:
                Path(self.placed(place)).mkdir(parents=True)
        program.mkdir(parents=True)
        for path in ROOT.iterdir():
            if path.name not in {"deploy", "data"}:
                (program / path.name).symlink_to(path)
        for path in (ROOT / "deploy").iterdir():
            self._write(program / "deploy" / path.name, self.placed(path.read_text(encoding="utf-8")))

    @staticmethod
    def _write(file: Path, text: str) -> Path:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        return file


@pytest.fixture(scope="module")
def outcome(mind: Mind, tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """Runs a command of the README once, with this Python and a database of its own: its status and its output."""
    folder = tmp_path_factory.mktemp("readme")
    file = folder / "config.yaml"
    file.write_text(f"knowledge: {{path: '{ROOT / 'knowledge'}'}}\nstore: {{url: 'sqlite+aiosqlite:///bot.db'}}\n")
    server = Server(folder / "server")

    @cache
    def run_once(command: str) -> tuple[int, str]:
        if "make" in command and not (ROOT / ".venv" / "bin" / "python").exists():
            pytest.skip("make needs the .venv that make test sets up")
        here = command.replace(".venv/bin/python", sys.executable)
        here = here.replace("make run", f"make {SET_UP} run").replace("make check", f"make {SET_UP} check")
        path = server.programs if "sudo " in command else None
        added = {"PATH": f"{path}{os.pathsep}{os.environ['PATH']}"} if path else {}
        shell = shutil.which("sh") or "sh"
        done = run(shell, "-c", server.placed(here), typed=QUESTIONS, BOT_CONFIG=str(file), **added)
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
