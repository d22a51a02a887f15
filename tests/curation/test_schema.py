"""The JSON Schemas that editors use say the same as the checks."""

import re

import pytest

from bot.curation.schema import LISTS, MAPPINGS, json_schemas
from bot.messages import MESSAGES
from bot.model import EntryKind

SCHEMAS = json_schemas()


def definitions(schema):
    return {**schema.get("$defs", {}), "": schema}.values()


def test_every_kind_of_file_has_a_schema():
    """One schema for each file that staff write."""
    assert SCHEMAS.keys() == LISTS.keys() | MAPPINGS.keys()


@pytest.mark.parametrize("kind", SCHEMAS)
def test_every_key_is_explained_in_indonesian(kind):
    """What an editor shows on hovering was written for staff, under the key that staff write."""
    keys = [pair for part in definitions(SCHEMAS[kind]) for pair in part.get("properties", {}).items()]
    assert keys
    for key, rules in keys:
        assert rules["description"].endswith("."), key
        assert rules["title"] == key


@pytest.mark.parametrize("kind", SCHEMAS)
def test_no_text_for_programmers_reaches_staff(kind):
    """Docstrings are English; nothing of them may stand in a schema."""
    assert not re.search(r"\b(the|one of|item|whole)\b", str(SCHEMAS[kind]))


def test_faq_schema_knows_keys_limits_and_choices():
    """Completion offers the keys and choices; limits are those of the check."""
    entry = SCHEMAS["faq"]["$defs"]["EntryRecord"]
    assert entry["additionalProperties"] is False
    assert entry["required"] == ["id", "judul", "pertanyaan", "jawaban", "diperiksa"]
    assert entry["properties"]["judul"]["maxLength"] == 60
    assert entry["properties"]["ambang"]["maximum"] == 1
    assert entry["properties"]["jangan_disarankan"]["enum"] == ["ya", "tidak"]
    assert SCHEMAS["faq"]["$defs"]["EntryKind"] == {"enum": [kind.value for kind in EntryKind]}


def test_message_schema_names_placeholders():
    """An editor tells which words in braces a sentence may hold."""
    assert SCHEMAS["pesan"]["required"] == list(MESSAGES)
    assert SCHEMAS["pesan"]["properties"]["diperiksa"]["description"] == "Boleh memuat {tanggal}."


def test_rehearsal_schema_takes_one_decision_or_several():
    """An editor accepts both ways of writing keputusan."""
    one, several = SCHEMAS["uji"]["$defs"]["RehearsalTurnRecord"]["properties"]["keputusan"]["oneOf"]
    assert one == several["items"] == {"enum": ["jawab", "tanya-balik", "tolak"]}
