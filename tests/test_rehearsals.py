"""Every test question of the real knowledge, asked of the real bot; known failures are strict."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.assistant import Assistant
from bot.dialogue.mind import Mind
from bot.rehearsal.judge import as_read
from bot.rehearsal.rehearse import rehearse
from bot.store.store import Store

FOLDER = Path(__file__).parent.parent / "knowledge" / "uji"
NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)  # the day the knowledge was checked
SHOWN = 300  # characters of a reply, enough to recognise it


def told(result):
    turn, reply = result.turn, result.reply
    reason = result.reason or "lulus: hapus gagal_diketahui"
    return f"{turn.file}:{turn.line}: {turn.question}\n    {reason}\n    {as_read(reply)[:SHOWN]!r}"


@pytest.mark.parametrize("file", sorted(path.name for path in FOLDER.glob("*.yaml")))
async def test_rehearsals(file: str, mind: Mind):
    """No question fails that isn't a known failure, and no known failure passes."""
    chosen = [r for r in mind.knowledge.rehearsals if r.turns[0].file.endswith(f"/{file}")]
    assert chosen, f"{file} holds no test question"
    store = await Store.open("sqlite+aiosqlite://")
    try:
        report = await rehearse(Assistant(mind, store), chosen, NOW)
    finally:
        await store.close()
    surprises = [told(result) for result in report.results if not result.as_foreseen]
    assert not surprises, "\n" + "\n".join(surprises)


def test_there_are_enough_rehearsals(mind: Mind):
    """At least 300 single questions and 40 dialogues."""
    dialogues = sum(len(rehearsal.turns) > 1 for rehearsal in mind.knowledge.rehearsals)
    assert dialogues >= 40
    assert len(mind.knowledge.rehearsals) - dialogues >= 300
