"""``python -m bot`` as a person, a script or another program runs it: as a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
OURS = ("BOT_", "TELEGRAM_", "MAKE", "MFLAGS", "SEMANTIC")  # what the tests' own environment must not bring along
LONGEST = 50.0  # seconds


def environment(**added: str) -> dict[str, str]:
    """The environment of a newcomer, with ``added``: no token, no settings, no surrounding ``make``."""
    return {name: value for name, value in os.environ.items() if not name.startswith(OURS)} | added


def run(*command: str, typed: bytes = b"", **added: str) -> subprocess.CompletedProcess[bytes]:
    """Runs a command in the project's folder with ``typed`` piped in; ``added`` are environment variables."""
    return subprocess.run(
        command, input=typed, capture_output=True, cwd=ROOT, env=environment(**added), timeout=LONGEST, check=False
    )


def bot(*arguments: str, typed: bytes = b"", **added: str) -> subprocess.CompletedProcess[bytes]:
    """Runs ``python -m bot`` with these arguments; see ``run``."""
    return run(sys.executable, "-m", "bot", *arguments, typed=typed, **added)
