"""The vectors of phrasings on disk."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from stand_in_encoder import WordCounts

from bot.vectors import keep, recall

TEXTS = ["apakah berbayar", "kapan seleksi"]


def kept(folder: Path) -> None:
    meaning = recall(WordCounts(), folder)
    meaning.vectors(TEXTS)
    keep(meaning, folder)


def test_what_was_kept_is_not_encoded_again(tmp_path: Path) -> None:
    kept(tmp_path / "new")
    again = WordCounts()
    rows = recall(again, tmp_path / "new").vectors([*TEXTS, "siapa asesor"])
    assert again.encoded == ["siapa asesor"]
    assert np.array_equal(rows[:2], WordCounts().encode(TEXTS))


def test_another_version_has_vectors_of_its_own(tmp_path: Path) -> None:
    kept(tmp_path)
    other = WordCounts(version="word-counts 1.1")
    assert not recall(other, tmp_path).known
    assert recall(WordCounts(), tmp_path).known


@pytest.mark.parametrize("damage", [b"", b"not a pickle", b"\x80\x05K\x01."])
def test_a_damaged_file_only_costs_time(tmp_path: Path, damage: bytes) -> None:
    kept(tmp_path)
    (file,) = tmp_path.iterdir()
    sound = file.read_bytes()
    file.write_bytes(damage)
    kept(tmp_path)
    assert file.read_bytes() == sound


def test_a_folder_that_cannot_be_written_only_costs_time(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("a file where the folder should be")
    kept(tmp_path / "file")
    assert not recall(WordCounts(), tmp_path / "file").known
