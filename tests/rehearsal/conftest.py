"""A small rehearsal on the small knowledge, with one of every kind of result."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.assistant import Assistant
from bot.curation.load import load
from bot.dialogue.fitting import fit
from bot.dialogue.mind import assemble
from bot.rehearsal.figures import Report
from bot.rehearsal.rehearse import rehearse
from bot.store.store import Store
from tests.knowledge_builder import write_knowledge

UJI = """\
# komentar
- {tanya: "smart city itu apa", harus: [apa-itu-program], gaya: obrolan}
- {tanya: "nomor kontak", harus: [kontak-program], gaya: resmi}
- {tanya: "cara membuat KTP", keputusan: tolak, gaya: resmi}
- {tanya: "cara membuat ktp", harus: [kontak-program]}
- {tanya: "di mana mou ditandatangani", harus: [apa-itu-program], gaya: obrolan}  # keliru
- {tanya: "malang 2018", memuat: [Kota Malang], gagal_diketahui: "ada dua Malang"}
- {tanya: "apa itu smart city", harus: [apa-itu-program], gagal_diketahui: "dahulu"}
"""
DIALOG = """\
- dialog:
    - {tanya: "malang 2018", keputusan: tanya-balik, pilihan: [Kota Malang]}
    - {tanya: "2", memuat: [Kota Malang, Satu sumber]}
- dialog:
    - {tanya: "daerah saya Lamongan"}
    - {tanya: "nomor kontak", harus: [tempat-mou]}
"""
NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def knowledge_folder(tmp_path_factory) -> Path:
    folder = write_knowledge(tmp_path_factory.mktemp("uji") / "knowledge")
    (folder / "uji").mkdir()
    (folder / "uji" / "dialog.yaml").write_text(DIALOG)
    (folder / "uji" / "program.yaml").write_text(UJI)
    return folder


@pytest.fixture(scope="session")
def report(knowledge_folder) -> Report:
    knowledge, problems = load(knowledge_folder)
    assert problems == ()
    fitted = fit(replace(knowledge, rehearsals=()), answer_precision=0.9, max_out_of_scope=0.05)

    async def ask() -> Report:
        store = await Store.open("sqlite+aiosqlite://")
        try:
            return await rehearse(Assistant(assemble(knowledge, fitted), store), knowledge.rehearsals, NOW)
        finally:
            await store.close()

    return asyncio.run(ask())
