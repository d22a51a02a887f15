"""The vectors of phrasings on disk: where an encoder is used, an edit costs only the encoding of what is new in it."""

from __future__ import annotations

import os
import pickle
from pathlib import Path

from bot.language.semantic import Encoder, Meaning


def recall(encoder: Encoder, folder: Path) -> Meaning:
    """The encoder with the vectors of it that are kept in ``folder``; a file that cannot be read only costs time."""
    try:
        known = pickle.loads(_file(encoder, folder).read_bytes())  # noqa: S301 - written by this program
    except Exception:  # not there; or damaged, which can raise anything
        known = {}
    return Meaning(encoder, known if isinstance(known, dict) else {})


def keep(meaning: Meaning, folder: Path) -> None:
    """Writes what is known now, some 2 kB for each phrasing; a folder that cannot be written only costs time."""
    file = _file(meaning.encoder, folder)
    unfinished = file.with_name(f"{file.name}.{os.getpid()}.tmp")  # another bot may be starting as well
    try:
        folder.mkdir(parents=True, exist_ok=True)
        unfinished.write_bytes(pickle.dumps(dict(meaning.known), protocol=pickle.HIGHEST_PROTOCOL))
        unfinished.replace(file)
    except OSError:
        return


def _file(encoder: Encoder, folder: Path) -> Path:
    return folder / f"{encoder.version.replace(' ', '-')}.vectors"
