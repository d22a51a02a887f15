"""The real knowledge, made ready once for all tests that ask it something."""

from pathlib import Path

import pytest

from bot.cli import prepare
from bot.config import Config, KnowledgeSettings
from bot.dialogue.mind import Mind

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="session")
def mind() -> Mind:
    """The knowledge of this project, fitted; kept where ``make run`` keeps it, so that only a change costs time."""
    return prepare(Config(knowledge=KnowledgeSettings(path=ROOT / "knowledge")), ROOT / "data" / "matcher")
