"""Edits whose effects are known beforehand: the impact names exactly the questions that get another reply."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.assistant import Assistant
from bot.curation.load import load
from bot.dialogue.fitting import fit
from bot.dialogue.mind import assemble
from bot.model import Knowledge, Reply
from bot.rehearsal.impact import BROKEN, MENDED, OTHER, Asked, Flip, conversations, flips, replies, shown
from bot.rehearsal.judge import judge
from bot.store.log import AskedText
from bot.store.store import Store
from tests.knowledge_builder import write_knowledge

NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)

PROGRAM = """\
- id: apa-itu-program
  judul: Apa itu program 100 Smart City
  pertanyaan:
    - Apa yang dimaksud dengan Gerakan Menuju 100 Smart City?
    - program smart city itu apa sih min
  jawaban: Program yang membimbing kabupaten/kota menyusun masterplan.
  ringkas: Program pembimbingan masterplan.
  sumber: [berita-lahat, portal-mou]
  diperiksa: 2026-11-21
  terkait: [syarat-seleksi]
- id: syarat-seleksi
  judul: Syarat seleksi peserta
  pertanyaan:
    - Apa saja syarat agar daerah terpilih?
    - syaratnya apa aja min biar lolos
  jawaban: Syaratnya surat kepala daerah dan isian kuesioner.
  sumber: [portal-mou]
  diperiksa: 2026-11-20
- id: biaya-program
  judul: Pembiayaan program
  pertanyaan:
    - Apakah daerah membayar biaya pendampingan?
    - gratis atau bayar ya kak
  jawaban: Pendampingan tidak dipungut biaya.
  sumber: [portal-mou]
  diperiksa: 2026-11-20
- id: tempat-mou
  judul: Tempat penandatanganan MoU
  pertanyaan:
    - Di mana MoU ditandatangani?
    - mou-nya di mana ya kak
  jawaban: Tempatnya berbeda tiap tahun.
  sumber: [portal-mou]
  diperiksa: 2026-11-20
  varian:
    - {tahun: 2018, jawaban: MoU 2018 ditandatangani di Jakarta.}
"""

KONTAK = """\
- id: kontak-program
  judul: Kontak program
  jenis: belum-ada-data
  pertanyaan:
    - Nomor kontak program yang bisa dihubungi berapa?
    - ada nomor wa nya gak
  jawaban: Belum ada data resmi tentang nomor kontak.
  diperiksa: 2026-11-21
- id: terima-kasih
  judul: Terima kasih
  jenis: sapaan
  pertanyaan:
    - terima kasih
    - makasih ya min
  jawaban: Sama-sama.
  diperiksa: 2026-11-21
"""

PATTERNS = """\
- id: anggota
  pertanyaan:
    - apakah <daerah> ikut
    - <daerah> masuk tahun <tahun>
- id: daftar
  pertanyaan:
    - siapa saja peserta <tahun>
- id: lanjutan
  pertanyaan:
    - kalau <tahun>
- id: atur-daerah
  pertanyaan:
    - daerah saya <daerah>
"""

WHAT = "program smart city itu apa"
SYARAT = "syarat agar terpilih apa saja"
LOLOS = "syaratnya apa aja biar lolos"
BIAYA = "daerah membayar biaya pendampingan?"
KONTAK_Q = "nomor kontak program yang bisa dihubungi"
KTP = "cara membuat ktp"
THANKS = "makasih ya"
MALANG = "malang 2018 ikut?"
LAMONGAN = "apakah lamongan ikut"
LAMA = "berapa lama asesmen"
MOU = "mou ditandatangani di mana"
MOU_2018 = "kalau 2018?"
OWN = "daerah saya Lahat"
OWN_2018 = "daerah saya masuk tahun 2018?"
UJI = f"""\
- {{tanya: "{WHAT}", harus: [apa-itu-program]}}
- {{tanya: "{SYARAT}", harus: [syarat-seleksi], memuat: [kuesioner]}}
- {{tanya: "{LOLOS}", harus: [syarat-seleksi]}}
- {{tanya: "{BIAYA}", harus: [biaya-program]}}
- {{tanya: "{KONTAK_Q}", harus: [kontak-program]}}
- {{tanya: "{KTP}", keputusan: tolak}}
- {{tanya: "{THANKS}", harus: [terima-kasih]}}
- {{tanya: "{MALANG}", keputusan: tanya-balik, pilihan: [Kota Malang, Kabupaten Malang]}}
- {{tanya: "{LAMONGAN}", memuat: [Kabupaten Lamongan]}}
- {{tanya: "{LAMA}", harus: [syarat-seleksi], gagal_diketahui: "belum ada cara bertanya itu"}}
- dialog:
    - {{tanya: "{MOU}", harus: [tempat-mou]}}
    - {{tanya: "{MOU_2018}", memuat: [Jakarta]}}
- dialog:
    - {{tanya: "{OWN}"}}
    - {{tanya: "{OWN_2018}", memuat: [Kabupaten Lahat]}}
"""
GRATIS, BATU, NOISE, LIST_2018 = (
    "gratis atau bayar",
    "apakah kota batu ikut 2022",
    "qwxz vbnm",
    "peserta 2018 siapa saja",
)
LOGGED = (AskedText(GRATIS, 7), AskedText(BATU, 3), AskedText(NOISE, 2), AskedText(LIST_2018, 1))


FAQ, CONTACT, TEST, COHORTS = "faq/program.yaml", "faq/kontak.yaml", "uji/program.yaml", "angkatan.yaml"
THANKS_ENTRY, COST_ENTRY = (
    KONTAK[KONTAK.index("- id: terima") :],
    PROGRAM[PROGRAM.index("- id: biaya") : PROGRAM.index("- id: tempat")],
)
VARIANTS = PROGRAM[PROGRAM.index("  varian:") :]
COST_TEST = UJI.splitlines(keepends=True)[3]
LOLOS_LINE, GRATIS_LINE = "    - syaratnya apa aja min biar lolos\n", "    - gratis atau bayar ya kak\n"
NO_DATA = "  jawaban: Belum ada data resmi tentang"
TARIF = """\
- id: tarif
  judul: Tarif layanan lain
  jenis: belum-ada-data
  pertanyaan: [gratis atau bayar, tarifnya]
  jawaban: Belum ada data tentang tarif.
  diperiksa: 2026-11-21
"""


@dataclass(frozen=True)
class Edit:
    """Replacements in files, and part of the new reply of each question that they flip."""

    changes: tuple[tuple[str, str, str], ...]  # file, what stood there, what stands there now
    flips: Mapping[str, str] = field(default_factory=dict)
    broken: tuple[str, ...] = ()
    mended: tuple[str, ...] = ()


def change(file: str, old: str, new: str, **flips: object) -> Edit:
    """A single replacement."""
    return Edit(((file, old, new),), **flips)  # type: ignore[arg-type]


EDITS: Mapping[str, Edit] = {
    # what nobody reads in a reply
    "comment": change(FAQ, "- id: biaya-program", "# catatan\n- id: biaya-program"),
    "quotes": change(CONTACT, "jawaban: Sama-sama.", 'jawaban: "Sama-sama."'),
    "order of entries": change(CONTACT, KONTAK, THANKS_ENTRY + KONTAK.removesuffix(THANKS_ENTRY)),
    "related entries": change(FAQ, "  terkait: [syarat-seleksi]\n", ""),
    "title of a topic": change("topik.yaml", "Tentang program", "Program"),
    "second source": change(FAQ, "[berita-lahat, portal-mou]", "[berita-lahat]"),
    "place of a signing": change(COHORTS, "Redtop Hotel", "Hotel Redtop"),
    "not to be suggested": change(CONTACT, NO_DATA, f"  jangan_disarankan: ya\n{NO_DATA}"),
    "test question added": change(
        TEST, COST_TEST, f'{COST_TEST}- {{tanya: "bayar biaya ya", harus: [biaya-program]}}\n'
    ),
    # what is told
    "answer": change(
        FAQ,
        "Pendampingan tidak dipungut biaya.",
        "Pendampingan gratis.",
        flips={BIAYA: "Pendampingan gratis.", GRATIS: "Pendampingan gratis."},
    ),
    "answer without what its test wants": change(
        FAQ,
        "surat kepala daerah dan isian kuesioner",
        "surat kepala daerah",
        flips={SYARAT: "surat kepala daerah.", LOLOS: "surat kepala daerah."},
        broken=(SYARAT,),
    ),
    "short version": change(FAQ, "Program pembimbingan", "Bimbingan", flips={WHAT: "Ringkas: Bimbingan masterplan."}),
    "day of the check": change(
        FAQ,
        "2026-11-20\n- id: biaya-program",
        "2026-11-21\n- id: biaya-program",
        flips={SYARAT: "21 Nov 2026", LOLOS: "21 Nov 2026"},
    ),
    "title of a source": change(
        "sumber.yaml",
        "Pemkab Lahat Antusias",
        "Lahat Bersemangat",
        flips={WHAT: "Lahat Bersemangat", OWN: "Lahat Bersemangat", OWN_2018: "Lahat Bersemangat"},
    ),
    "order of sources": change(
        FAQ, "[berita-lahat, portal-mou]", "[portal-mou, berita-lahat]", flips={WHAT: "Penandatanganan MoU"}
    ),
    "expiry": change(
        FAQ,
        "  jawaban: Pendampingan",
        "  berlaku_sampai: 2026-11-20\n  jawaban: Pendampingan",
        flips={BIAYA: "menolak dengan biaya-program", GRATIS: "menolak dengan biaya-program"},
    ),
    "no data any more": change(
        FAQ,
        "  judul: Pembiayaan program\n",
        "  judul: Pembiayaan program\n  jenis: belum-ada-data\n",
        flips={BIAYA: "menolak dengan biaya-program", GRATIS: "menolak dengan biaya-program"},
    ),
    "variant": change(FAQ, "di Jakarta", "di Bandung", flips={MOU_2018: "di Bandung"}, broken=(MOU_2018,)),
    "variant deleted": change(FAQ, VARIANTS, "", flips={MOU_2018: "bertanya balik"}, broken=(MOU_2018,)),
    "pointer of another topic": change("luar-topik.yaml", "Dinas Dukcapil", "Kantor", flips={KTP: "Kantor setempat"}),
    "sentence for nonsense": change(
        "pesan.yaml", "Pesan tidak_paham", "Belum paham", flips={NOISE: "Belum paham", LAMA: "Belum paham"}
    ),
    "sentence of the table": change(
        "pesan.yaml", "Pesan anggota_belum_tercatat ", "Belum ada: ", flips={BATU: "Belum ada: Kota Batu"}
    ),
    # what is asked
    "entry deleted with its test": Edit(
        ((FAQ, COST_ENTRY, ""), (TEST, COST_TEST, "")), flips={BIAYA: "menolak", GRATIS: "menolak"}
    ),
    "entry renamed": Edit(
        (
            (FAQ, "id: syarat-seleksi", "id: syarat-peserta"),
            (FAQ, "[syarat-seleksi]", "[syarat-peserta]"),
            (TEST, "[syarat-seleksi]", "[syarat-peserta]"),
        ),
        flips={SYARAT: "menjawab dengan syarat-peserta", LOLOS: "menjawab dengan syarat-peserta"},
    ),
    "phrasing moved": Edit(
        ((FAQ, LOLOS_LINE, ""), (FAQ, GRATIS_LINE, GRATIS_LINE + LOLOS_LINE)),
        flips={LOLOS: "menjawab dengan biaya-program"},
        broken=(LOLOS,),
    ),
    "phrasing moved with its test": Edit(
        (
            (FAQ, LOLOS_LINE, ""),
            (FAQ, GRATIS_LINE, GRATIS_LINE + LOLOS_LINE),
            (TEST, f'"{LOLOS}", harus: [syarat-seleksi]', f'"{LOLOS}", harus: [biaya-program]'),
        ),
        flips={LOLOS: "menjawab dengan biaya-program"},
    ),
    "phrasing added": change(
        FAQ,
        LOLOS_LINE,
        f"{LOLOS_LINE}    - asesmen berapa lama ya\n",
        flips={LAMA: "menjawab dengan syarat-seleksi"},
        mended=(LAMA,),
    ),
    "entry added": change(
        CONTACT, "- id: terima-kasih", f"{TARIF}- id: terima-kasih", flips={GRATIS: "menolak dengan tarif"}
    ),
    "own cut": change(
        CONTACT, NO_DATA, f"  ambang: 0.999\n{NO_DATA}", flips={KONTAK_Q: "bertanya balik"}, broken=(KONTAK_Q,)
    ),
    "example of another topic": change(
        "luar-topik.yaml",
        "    - cara membuat KTP\n",
        "    - cara membuat KTP\n    - qwxz vbnm\n",
        flips={NOISE: "Dukcapil"},
    ),
    "abbreviation": change(
        "istilah.yaml",
        "- baku: kabupaten\n",
        "- baku: nomor kontak program\n  ditulis: [qwxz vbnm]\n- baku: kabupaten\n",
        flips={NOISE: "menolak dengan kontak-program"},
    ),
    # regions and years
    "member added": change(
        COHORTS,
        '    - {wilayah: "35.07"',
        '    - {wilayah: "35.79", status: terkonfirmasi, sumber: [portal-mou]}\n    - {wilayah: "35.07"',
        flips={BATU: "anggota_ya Kota Batu 2022"},
    ),
    "member no longer certain": change(
        COHORTS,
        '{wilayah: "35.24", status: terkonfirmasi, sumber: [portal-mou]}',
        '{wilayah: "35.24", status: belum-diperiksa, sumber: [portal-mou]}',
        flips={LAMONGAN: "Kabupaten Lamongan 2022", LIST_2018: "Jawa Timur (1?)"},
    ),
    "name of a region": change(
        "wilayah.yaml",
        "nama: Lamongan,",
        "nama: Lamongan Raya, alias: [Lamongan],",
        flips={LAMONGAN: "Kabupaten Lamongan Raya", LIST_2018: "Kabupaten Lamongan Raya"},
    ),
    "note of an applicant": change(
        "pemohon.yaml", "untuk 2019", "pada 2019", flips={OWN: "pada 2019", OWN_2018: "pada 2019"}
    ),
}


def written(folder: Path, changes: tuple[tuple[str, str, str], ...] = ()) -> Path:
    """The small knowledge with some changes, in a folder called knowledge."""
    write_knowledge(folder, faq_program=PROGRAM, faq_kontak=KONTAK, tanya_wilayah=PATTERNS)
    (folder / "uji").mkdir()
    (folder / TEST).write_text(UJI, encoding="utf-8")
    for file, old, new in changes:
        text = (folder / file).read_text(encoding="utf-8")
        assert old in text, f"{file}: {old}"
        (folder / file).write_text(text.replace(old, new), encoding="utf-8")
    return folder


def loaded(folder: Path) -> Knowledge:
    knowledge, problems = load(folder)
    assert knowledge is not None, "\n".join(map(str, problems))
    return knowledge


async def told(knowledge: Knowledge, asked: tuple[tuple[Asked, ...], ...]) -> list[Reply]:
    mind = assemble(knowledge, fit(knowledge, answer_precision=0.97, max_out_of_scope=0.05))
    store = await Store.open("sqlite+aiosqlite://")
    try:
        return await replies(Assistant(mind, store), asked, NOW)
    finally:
        await store.close()


async def impact(before: Knowledge, after: Knowledge) -> tuple[Flip, ...]:
    asked = conversations(before, after, LOGGED)
    questions = [question for conversation in asked for question in conversation]
    return flips(questions, await told(before, asked), await told(after, asked))


@pytest.mark.parametrize("prepared", EDITS.values(), ids=EDITS)
async def test_an_edit_flips_exactly_what_it_should(prepared: Edit, tmp_path: Path) -> None:
    """No question more, none less, each with its new reply and what that means."""
    before = loaded(written(tmp_path / "before" / "knowledge"))
    after = loaded(written(tmp_path / "after" / "knowledge", prepared.changes))
    found = {flip.asked.text: flip for flip in await impact(before, after)}
    assert sorted(found) == sorted(prepared.flips)
    for question, part in prepared.flips.items():
        assert part in shown(found[question])[1]
    states = {BROKEN: prepared.broken, MENDED: prepared.mended}
    assert {question: flip.state for question, flip in found.items() if flip.state != OTHER} == {
        question: state for state, questions in states.items() for question in questions
    }


def test_there_are_thirty_prepared_edits() -> None:
    assert len(EDITS) >= 30


async def test_without_an_edit_nothing_flips_and_every_pinned_question_passes(tmp_path: Path) -> None:
    """Otherwise an edit could break nothing."""
    knowledge = loaded(written(tmp_path / "knowledge"))
    asked = conversations(knowledge, knowledge, LOGGED)
    questions = [question for conversation in asked for question in conversation]
    given = await told(knowledge, asked)
    assert await impact(knowledge, knowledge) == ()
    failed = [
        question.text
        for question, reply in zip(questions, given, strict=True)
        if question.pin and judge(question.pin, reply)
    ]
    assert failed == [LAMA]


async def test_what_matters_most_comes_first(tmp_path: Path) -> None:
    """A broken test question, then another kind of reply, then another wording; each with where it was asked."""
    changes = (
        (FAQ, "Program yang membimbing", "Gerakan yang membimbing"),
        (FAQ, "di Jakarta", "di Bandung"),
        (CONTACT, "- id: terima-kasih", f"{TARIF}- id: terima-kasih"),
        (FAQ, COST_ENTRY, ""),
        (TEST, COST_TEST, ""),
    )
    before = loaded(written(tmp_path / "before" / "knowledge"))
    after = loaded(written(tmp_path / "after" / "knowledge", changes))
    found = await impact(before, after)
    assert [(flip.asked.text, flip.asked.origin) for flip in found] == [
        (MOU_2018, "knowledge/uji/program.yaml:12"),
        (BIAYA, "knowledge/uji/program.yaml:4 (uji yang dihapus)"),
        (GRATIS, "pertanyaan nyata, ditanya 7×"),
        (WHAT, "knowledge/uji/program.yaml:1"),
    ]
