"""What works on this machine works on Windows too: encodings that are named, and file names that it can hold."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
CODE = ("bot", "handlers", "bench", "tests")
FORBIDDEN = re.compile(r'[<>:"\\|?*\x00-\x1f]|[. ]$|^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)', re.IGNORECASE)
"""https://learn.microsoft.com/windows/win32/fileio/naming-a-file"""
OUR_FOLDERS = ("bot", "handlers", "bench", "tests", "knowledge", "deploy", ".ci")


def unnamed_encodings(*places: str) -> str:
    """Where files are opened in the encoding of the locale, as ruff tells it."""
    rule = ["--isolated", "--preview", "--select", "PLW1514", "--output-format", "concise", "--quiet"]
    done = subprocess.run(
        [sys.executable, "-m", "ruff", "check", *rule, *places],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    return done.stdout


def test_every_file_is_opened_as_utf_8() -> None:
    assert unnamed_encodings(*CODE) == ""


def test_the_rule_finds_what_it_is_for(tmp_path: Path) -> None:
    careless = tmp_path / "careless.py"
    careless.write_text("print(open('a').read())\n", encoding="utf-8")
    assert "careless.py:1" in unnamed_encodings(str(careless))


def _texts_of_processes(tree: ast.AST) -> list[int]:
    """Lines with a call that reads another program as text without saying in which encoding."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            given = {word.arg for word in node.keywords}
            if (
                given & {"text", "universal_newlines"}
                and "encoding" not in given
                and given & {"capture_output", "stdout"}
            ):
                found.append(node.lineno)
    return found


@pytest.mark.parametrize("folder", CODE)
def test_other_programs_are_read_as_utf_8(folder: str) -> None:
    careless = [
        f"{file.relative_to(ROOT).as_posix()}:{line}"
        for file in sorted((ROOT / folder).rglob("*.py"))
        for line in _texts_of_processes(ast.parse(file.read_text(encoding="utf-8")))
    ]
    assert careless == []


def test_the_rule_for_programs_finds_what_it_is_for() -> None:
    assert _texts_of_processes(ast.parse("run(['a'], capture_output=True, text=True)")) == [1]


def test_windows_can_hold_every_file() -> None:
    """No name with a sign or a word that Windows keeps for itself, and none that differs by its capitals only."""
    paths = [
        path for folder in OUR_FOLDERS for path in sorted((ROOT / folder).rglob("*")) if "__pycache__" not in path.parts
    ]
    assert len(paths) > len(OUR_FOLDERS)
    assert [path.name for path in paths if FORBIDDEN.search(path.name)] == []
    assert len({path.as_posix().casefold() for path in paths}) == len(paths)


@pytest.mark.parametrize("name", ["a:b.yaml", "aux.py", "CON", "a?", "akhir."])
def test_the_rule_for_names_finds_what_it_is_for(name: str) -> None:
    assert FORBIDDEN.search(name)
