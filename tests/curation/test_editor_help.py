"""The JSON Schemas beside the knowledge: committed, up to date, and right about every file."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, ClassVar

import pytest
import yaml
from jsonschema import Draft202012Validator
from knowledge_builder import FILES, write_knowledge

from bot.curation.editor_help import FOLDER, schema_files, write_schemas
from bot.curation.load import load
from bot.errors import OperatorError

KNOWLEDGE = Path(__file__).parent.parent.parent / "knowledge"
REMEDY = "Write them anew with: python -m bot schemas"
COMMENT = re.compile(r"# yaml-language-server: \$schema=(\S+)\n")


class AsInEditors(yaml.SafeLoader):
    """YAML 1.2 as editors read it: numbers and true/false, but no dates and no yes/no."""

    yaml_implicit_resolvers: ClassVar[dict[str, list[tuple[str, re.Pattern[str]]]]] = {}


AsInEditors.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"[-+]?[0-9]+$"), list("-+0123456789"))
AsInEditors.add_implicit_resolver("tag:yaml.org,2002:float", re.compile(r"[-+]?[0-9]*\.[0-9]+$"), list("-+.0123456789"))
AsInEditors.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"(?:true|false)$"), list("tf"))
AsInEditors.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"(?:~|null|)$"), ["~", "n", ""])


def complaints(text: str, schema: str) -> list[str]:
    read = yaml.load(text, AsInEditors)
    return [error.message for error in Draft202012Validator(json.loads(schema)).iter_errors(read)]


def test_committed_schemas_are_those_of_the_models():
    """A change of a model, or of a message's placeholders, is a change of its schema."""
    committed = {path.name: path.read_text(encoding="utf-8") for path in (KNOWLEDGE / FOLDER).iterdir()}
    assert committed.keys() == schema_files().keys(), REMEDY
    assert [name for name, text in schema_files().items() if committed[name] != text] == [], REMEDY


@pytest.mark.parametrize("path", sorted(KNOWLEDGE.rglob("*.yaml")), ids=lambda path: path.name)
def test_every_file_leads_to_a_schema_that_accepts_it(path):
    """The first line of each file names a schema that is there, and an editor underlines nothing in it."""
    text = path.read_text(encoding="utf-8")
    named = COMMENT.match(text)
    assert named, f"{path} must begin with: # yaml-language-server: $schema=…"
    schema = (path.parent / named[1]).resolve()
    assert schema.parent == (KNOWLEDGE / FOLDER).resolve()
    assert complaints(text, schema.read_text(encoding="utf-8")) == []


FAULTS = {  # (kind of file, what stands there, what is written instead)
    "unknown key": ("faq_kontak", "judul:", "judl:"),
    "missing key": ("faq_kontak", "  diperiksa: 2026-11-21\n", ""),
    "title too long": ("faq_kontak", "Kontak program", "x" * 61),
    "malformed id": ("faq_kontak", "id: kontak-program", "id: Kontak_Program"),
    "unknown kind": ("faq_kontak", "belum-ada-data", "belum-ada"),
    "text where a list is expected": ("faq_program", "[kontak-program]", "kontak-program"),
    "number as a word": ("angkatan", "jumlah_resmi: 2", "jumlah_resmi: dua"),
    "unknown status": ("angkatan", "status: belum-diperiksa", "status: belum"),
    "region without quotes": ("angkatan", '"35.07"', "35.07"),
    "year before the programme": ("angkatan", "tahun: 2018", "tahun: 1018"),
    "yes in English": ("faq_program", "disarankan: ya", "disarankan: true"),
    "empty list": ("istilah", "ditulis: [kab]", "ditulis: []"),
    "unknown message": ("pesan", "bantuan:", "bantaun:"),
}
KINDS = {"faq_kontak": "faq", "faq_program": "faq"}


@pytest.mark.parametrize(("name", "old", "new"), FAULTS.values(), ids=FAULTS)
def test_editor_underlines_planted_faults(name, old, new):
    """What ``check`` finds by its form, an editor shows while it is typed."""
    text = FILES[name][1]
    schema = schema_files()[f"{KINDS.get(name, name)}.schema.json"]
    assert complaints(text, schema) == []
    assert complaints(text.replace(old, new, 1), schema) != []


def described(schema: Any, path: str = "") -> list[str]:
    """The keys of a schema that an editor could not explain."""
    if not isinstance(schema, dict):
        return []
    keys = schema.get("properties", {})
    silent = [f"{path}/{key}" for key, value in keys.items() if not value.get("description")]
    deeper = [part for name, part in schema.get("$defs", {}).items()]
    return silent + [found for part in deeper for found in described(part, f"{path}/{part.get('title', '')}")]


@pytest.mark.parametrize("name", sorted(schema_files()))
def test_every_key_is_explained(name):
    """Hovering over a key shows what belongs there."""
    assert described(json.loads(schema_files()[name])) == []


def test_schemas_disturb_no_loading(tmp_path):
    """They stand in the knowledge folder, and nobody takes them for knowledge."""
    folder = write_knowledge(tmp_path / "knowledge")
    assert {path.name for path in write_schemas(folder)} == schema_files().keys()
    assert load(folder)[1] == ()


def test_folder_that_cannot_be_written_is_told(tmp_path):
    """A file in the place of the folder is named."""
    (tmp_path / FOLDER).write_text("")
    with pytest.raises(OperatorError, match="tidak dapat ditulis"):
        write_schemas(tmp_path)
