"""The real knowledge, made ready once for all tests that ask it something."""

import socket
from pathlib import Path

import pytest
from refusals import nothing_refused  # noqa: F401 - a fixture of every test

from bot.cli import prepare
from bot.config import Config, KnowledgeSettings
from bot.dialogue.mind import Mind

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="session")
def mind() -> Mind:
    """The knowledge of this project, fitted; kept where ``make run`` keeps it, so that only a change costs time."""
    return prepare(Config(knowledge=KnowledgeSettings(path=ROOT / "knowledge")), ROOT / "data" / "matcher")


@pytest.fixture
def free_port() -> int:
    """A port of the loopback address that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])
