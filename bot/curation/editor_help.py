"""JSON Schemas beside the knowledge: with them an editor completes keys, explains them, and underlines mistakes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from bot.curation.schema import json_schemas
from bot.errors import OperatorError

FOLDER = "skema"  # in the knowledge folder; the first line of every file points here


def schema_files() -> Mapping[str, str]:
    """The content of every schema file, by name.

    >>> sorted(schema_files())[0]
    'angkatan.schema.json'
    """
    return {f"{kind}.schema.json": _text(schema) for kind, schema in json_schemas().items()}


def write_schemas(folder: Path) -> tuple[Path, ...]:
    """Writes the schemas of a knowledge folder anew and returns their paths; raises OperatorError where it can't."""
    place = folder / FOLDER
    try:
        place.mkdir(parents=True, exist_ok=True)
        for name, text in schema_files().items():
            (place / name).write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise OperatorError(f"{place} tidak dapat ditulis ({error.strerror}). Periksa izin folder itu.") from error
    return tuple(place / name for name in schema_files())


def _text(schema: object) -> str:
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"
