"""The folder knowledge/ becomes one Knowledge, or every planted mistake is named at its line."""

import time
from datetime import date
from typing import NamedTuple

import pytest

from bot.curation.load import load
from bot.messages import MESSAGES
from bot.model import (
    Certainty,
    Decision,
    EntryKind,
    Knowledge,
    Listing,
    OtherPlace,
    Problem,
    Region,
    RegionType,
    Rehearsal,
    RehearsalTurn,
    Variant,
)
from tests.knowledge_builder import FILES, PESAN, SUMBER, WILAYAH, write_knowledge

TODAY = date(2026, 11, 21)


def loaded(folder, **overrides) -> Knowledge:
    knowledge, problems = load(write_knowledge(folder, **overrides), TODAY)
    assert problems == ()
    assert knowledge is not None
    return knowledge


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "knowledge"


def test_entry_holds_what_its_file_says(folder):
    """Keys in Bahasa Indonesia become the fields of the model; the topic is the name of the file."""
    entry = loaded(folder).entries["tempat-mou"]
    assert (entry.topic, entry.kind, entry.sources) == ("program", EntryKind.FACT, ("portal-mou",))
    assert (entry.checked, entry.valid_until) == (date(2026, 11, 20), date(2027, 12, 31))
    assert (entry.threshold, entry.suggestable) == (0.65, False)
    assert entry.variants == (
        Variant("MoU 2018 ditandatangani di Jakarta.", year=2018, sources=("portal-mou",)),
        Variant("Tahap II di Jakarta.", number=2),
    )


def test_block_text_has_no_line_end_at_its_end(folder):
    """A text written after | ends where its last word ends."""
    entry = loaded(folder).entries["apa-itu-program"]
    assert entry.answer.split("\n")[-1] == "- Dimulai tahun 2017."


def test_topics_keep_their_order(folder):
    """The order of topik.yaml is the order of /topik."""
    assert [topic.id for topic in loaded(folder).topics] == ["program", "kontak"]


def test_regions_are_found_by_code(folder):
    """Provinces and regencies stand in one table."""
    regions = loaded(folder).regions
    assert regions["35"] == Region("35", RegionType.PROVINCE, "Jawa Timur", "35", ("Jatim",))
    assert regions["35.79"] == Region("35.79", RegionType.CITY, "Batu", "35", common_word=True)
    assert regions["32.17"].capital_aliases == ("KBB",)


def test_other_places_name_the_regions_meant(folder):
    """One code or several: both end in the same field."""
    assert loaded(folder).other_places == (
        OtherPlace(("Padalarang",), ("32.17",)),
        OtherPlace(("Malang Raya",), ("35.07", "35.73", "35.79")),
    )


def test_cohort_holds_its_members(folder):
    """A cohort's rows carry its year; what is unknown stays empty."""
    cohorts = loaded(folder).cohorts
    assert [(row.region, row.year, row.certainty) for row in cohorts[2018].members] == [
        ("35.24", 2018, Certainty.CONFIRMED),
        ("35.73", 2018, Certainty.DISPUTED),
    ]
    assert cohorts[2018].signing.day == date(2018, 5, 8)
    assert (cohorts[2020].listing, cohorts[2020].members) == (Listing.NO_COHORT, ())
    assert [(row.repeat, row.phase) for row in cohorts[2022].members] == [
        (True, ""),
        (False, ""),
        (False, "Smart Province"),
    ]


def test_terms_are_lower_case(folder):
    """What people type is compared in lower case."""
    assert loaded(folder).terms == {"gmn": "bagaimana", "gimana": "bagaimana", "kab": "kabupaten"}


def test_remaining_files_arrive(folder):
    """Sources, applicants, patterns, off-topic examples and messages are all there."""
    knowledge = loaded(folder)
    assert knowledge.sources["berita-lahat"].published == "2019-02-06"
    assert knowledge.applicants[0].region == "16.04"
    assert [pattern.id for pattern in knowledge.patterns] == ["anggota", "daftar"]
    assert knowledge.off_topics[0].examples == ("cara membuat KTP",)
    assert knowledge.messages.keys() == MESSAGES.keys()


class Fault(NamedTuple):
    """One edit of a sound file: ``old`` becomes ``new``, and one problem stands ``down`` lines below ``old``."""

    file: str
    old: str
    new: str
    fragment: str
    down: int = 0
    warning: bool = False


FAULTS = {
    # keys
    "unknown key": Fault(
        "faq_kontak",
        "  jawaban: Belum",
        "  penanggung_jawap: Aptika\n  jawaban: Belum",
        'Maksudnya "penanggung_jawab"?',
    ),
    "unknown key far from any": Fault(
        "topik", "judul: Kontak", "judul: Kontak, xyzzy: 1", 'kunci "xyzzy" tidak dikenal'
    ),
    "unknown key in a variant": Fault(
        "faq_program", "    - nomor: 2", "    - catatn: x\n      nomor: 2", 'kunci "catatn" tidak dikenal'
    ),
    "unknown key in a member": Fault("angkatan", "pengulangan: ya", "pengulang: ya", 'Maksudnya "pengulangan"?'),
    "missing key": Fault(
        "faq_kontak", "  diperiksa: 2026-11-21\n", "", 'entri "kontak-program": kunci "diperiksa" belum ada', down=-8
    ),
    "duplicate key": Fault("faq_kontak", "  diperiksa:", "  judul: Lain\n  diperiksa:", 'kunci "judul" sudah ada'),
    "missing message": Fault("pesan", PESAN.split("\n")[3] + "\n", "", "belum ada. Tambahkan", down=-3),
    "unknown message": Fault("pesan", PESAN.split("\n")[3], f"{PESAN.split(chr(10))[3]}\nmulia: x", '"mulai"?', down=1),
    # types
    "text where a list is expected": Fault(
        "faq_program", "[berita-lahat, portal-mou]", "portal-mou", '"sumber" harus berupa daftar'
    ),
    "list where text is expected": Fault(
        "faq_kontak", "judul: Kontak program", "judul: [Kontak, program]", '"judul" harus satu teks, bukan daftar'
    ),
    "colon makes a mapping of a phrasing": Fault(
        "faq_kontak", "- ada nomor wa nya gak", "- min: ada nomor wa", 'butir ke-2 "pertanyaan" harus teks'
    ),
    "text where an entry is expected": Fault(
        "istilah", "- baku: kabupaten\n  ditulis: [kab]", "- kab", 'bukan teks "kab"'
    ),
    "mapping where a list is expected": Fault(
        "pemohon", FILES["pemohon"][1], 'wilayah: "16.04"\n', "isi berkas ini harus berupa daftar"
    ),
    "list where a mapping is expected": Fault("pesan", PESAN, "- mulai\n", 'harus berisi pasangan "kunci: isi"'),
    "empty list": Fault("istilah", "ditulis: [kab]", "ditulis: []", "paling sedikit satu butir"),
    "empty text": Fault("faq_kontak", "judul: Kontak program", 'judul: ""', '"judul" kosong'),
    # limits and forms
    "title too long": Fault("faq_kontak", "Kontak program\n", "x" * 61 + "\n", "61 karakter, paling banyak 60"),
    "title on two lines": Fault(
        "faq_kontak", "judul: Kontak program", "judul: |\n    Kontak\n    program", "satu baris"
    ),
    "short text too long": Fault("faq_program", "ringkas: Program", "ringkas: " + "x" * 300, "paling banyak 300"),
    "answer too long": Fault("luar_topik", "jawaban: Silakan", "jawaban: " + "x" * 3500, "paling banyak 3500"),
    "malformed id": Fault("luar_topik", "id: ktp", "id: KTP_1", "Tulis hanya huruf kecil"),
    "year before the programme": Fault("pemohon", "2019,", "2016,", "paling kecil 2017"),
    "year in words": Fault("angkatan", "- tahun: 2020", "- tahun: dua ribu", "harus berupa bilangan bulat"),
    "number with a unit": Fault("angkatan", "jumlah_resmi: 3", "jumlah_resmi: 3 daerah", "harus berupa bilangan bulat"),
    "threshold above one": Fault("faq_program", "ambang: 0.65", "ambang: 1.5", "paling besar 1"),
    "threshold with a comma": Fault("faq_program", "ambang: 0.65", "ambang: 0,65", "dengan titik"),
    "yes in English": Fault("faq_program", "disarankan: ya", "disarankan: true", "ya atau tidak"),
    "day first": Fault("faq_kontak", "2026-11-21", "21-11-2026", 'Maksudnya "2026-11-21"?'),
    "month thirteen": Fault("faq_kontak", "2026-11-21", "2026-13-01", "tidak ada di kalender"),
    "month in words": Fault("faq_kontak", "2026-11-21", "21 November 2026", "harus tanggal tahun-bulan-hari"),
    "date of a source": Fault("sumber", '"2019-02-06"', "06/02/2019", "seperti 2019-02-06, 2019-02 atau 2019"),
    "future check": Fault("faq_kontak", "2026-11-21", "2026-11-22", "belum tiba"),
    "unknown kind": Fault("faq_kontak", "jenis: belum-ada-data", "jenis: belum-ada", 'Maksudnya "belum-ada-data"?'),
    "unknown status": Fault("angkatan", "status: belum-diperiksa", "status: konfirmasi", 'Maksudnya "terkonfirmasi"?'),
    "address without a scheme": Fault("sumber", "https://www.kominfo", "www.kominfo", "diawali http"),
    "address cut short": Fault("sumber", "detail/16226", "detail/…", "terpotong"),
    "address with a space": Fault("sumber", "detail/16226", "detail/ 16226", "tanpa spasi"),
    "HTML": Fault("faq_program", "- Dimulai tahun", "- Dimulai <b>tahun</b>", "kode HTML <b>"),
    "list without a space": Fault("faq_program", "- Dimulai tahun", "-Dimulai tahun", 'awali dengan "- "'),
    "another bullet": Fault("faq_program", "- Dimulai tahun", "• Dimulai tahun", 'diawali "• "'),
    "Markdown link": Fault("faq_program", "- Dimulai tahun", "- [laman](https://a.go.id) tahun", "alamatnya saja"),
    "bold not closed": Fault("faq_program", "- Dimulai tahun", "- Dimulai *tahun", "tanpa pasangan"),
    "bold with two stars": Fault("faq_program", "- Dimulai tahun 2017.", "- **2017**", "cukup satu bintang"),
    "unknown placeholder": Fault("pesan", "Pesan diperiksa {tanggal}", "Pesan {tangal}", "memuat {tangal}, yang tidak"),
    "malformed placeholder": Fault("pesan", "Pesan diperiksa {tanggal}", "Pesan {tanggal", "kurung kurawal yang rusak"),
    "formatted placeholder": Fault("pesan", "Pesan diperiksa {tanggal}", "{tanggal:>9}", "kurung kurawal yang rusak"),
    # needed together
    "fact without source": Fault(
        "faq_program", "  sumber: [berita-lahat, portal-mou]\n", "", '"sumber" wajib berisi', down=-10
    ),
    "dispute without note": Fault(
        "angkatan", ", catatan: Satu sumber menyebut Kabupaten Malang.", "", '"catatan" wajib diisi'
    ),
    "member without source": Fault(
        "angkatan", "diperdebatkan, sumber: [portal-mou]", "diperdebatkan, sumber: []", "paling sedikit satu"
    ),
    "variant without year or number": Fault(
        "faq_program", "    - nomor: 2\n      jawaban", "    - jawaban", "tepat salah satu"
    ),
    "place that says nothing": Fault("wilayah", ', maksud: "32.17"', "", "harus memuat"),
    # references
    "unknown source": Fault("faq_program", "berita-lahat, portal-mou]", "berita-laht]", 'Maksudnya "berita-lahat"?'),
    "unknown source of a variant": Fault(
        "faq_program", "      sumber: [portal-mou]", "      sumber: [mou]", 'sumber "mou" tidak ada di sumber.yaml'
    ),
    "unknown source of a member": Fault(
        "angkatan", "diperdebatkan, sumber: [portal-mou]", "diperdebatkan, sumber: [portal]", '"portal" tidak ada'
    ),
    "unknown source of a signing": Fault("angkatan", 'Jakarta", sumber: [portal-mou]', 'Jakarta", sumber: [x]', '"x"'),
    "unknown related entry": Fault("faq_program", "[kontak-program]", "[kontak-progam]", 'Maksudnya "kontak-program"?'),
    "unknown region of a member": Fault("angkatan", '"35.07"', '"35.08"', 'Maksudnya "35.07" (Malang)?'),
    "region as a name": Fault("angkatan", '"35.07"', "Malang", 'kode wilayah seperti "35.24"'),
    "unknown region of an applicant": Fault("pemohon", "16.04", "99.99", "tidak ada di wilayah.yaml"),
    "unknown region of a place": Fault("wilayah", 'maksud: "32.17"', 'maksud: "32.99"', '"32.99" tidak ada'),
    "duplicate id of an entry": Fault(
        "faq_program", "id: tempat-mou", "id: kontak-program", "sudah dipakai di knowledge/faq/kontak.yaml:1"
    ),
    "duplicate id of an off-topic": Fault("luar_topik", "id: ktp", "id: tempat-mou", "knowledge/faq/program.yaml:15"),
    "duplicate source": Fault(
        "sumber", "jenis: media\n", "jenis: media\n- {id: berita-lahat, judul: X, jenis: media}\n", "yaml:1.", down=1
    ),
    "duplicate region": Fault(
        "wilayah", "bukan_daerah:\n", f"{WILAYAH.splitlines()[5]}\nbukan_daerah:\n", "knowledge/wilayah.yaml:6. Ganti"
    ),
    "duplicate year": Fault("angkatan", "- tahun: 2020", "- tahun: 2018", "sudah dipakai di knowledge/angkatan.yaml:1"),
    "region twice in a year": Fault("angkatan", '"35.73"', '"35.24"', 'wilayah "35.24" sudah dipakai'),
    "province that doesn't match the code": Fault(
        "wilayah", 'Lahat, provinsi: "16"', 'Lahat, provinsi: "32"', 'Tulis provinsi: "16"'
    ),
    "unknown province": Fault(
        "wilayah", '  - {kode: "16", nama: Sumatera Selatan, alias: [Sumsel]}\n', "", '"16"', down=3
    ),
    "topic without file": Fault(
        "topik", "- {id: kontak", "- {id: peta, judul: Peta}\n- {id: kontak", '"peta" tidak ada'
    ),
    "contradicting terms": Fault("istilah", "[kab]", "[kab, GMN]", 'sudah berarti "bagaimana" di baris 2'),
    "phrasing of another entry": Fault(
        "faq_program", "mou-nya di mana ya kak", "Ada nomor WA-nya gak?", "sama dengan knowledge/faq/kontak.yaml:6"
    ),
    "phrasing of an off-topic": Fault(
        "luar_topik", "cara membuat KTP", "where was the memorandum signed", "tempat-mou"
    ),
    # contradictions, and what the bot would not know
    "entry related to itself": Fault(
        "faq_program", "[kontak-program]", "[apa-itu-program]", "menawarkan dirinya sendiri"
    ),
    "end before the check": Fault(
        "faq_program",
        "berlaku_sampai: 2027-12-31",
        "berlaku_sampai: 2026-11-19",
        'lebih awal daripada "diperiksa" 2026',
    ),
    "variant twice": Fault(
        "faq_program", "    - nomor: 2", "    - tahun: 2018", 'varian tahun "2018" sudah ada di baris 28'
    ),
    "size of a cohort that does not exist": Fault(
        "angkatan", "jumlah_resmi: 0", "jumlah_resmi: 3", "tetapi jumlah_resmi 3. Perbaiki", down=2
    ),
    "members of a cohort that does not exist": Fault(
        "angkatan",
        "daftar: tidak-ada-angkatan\n",
        'daftar: tidak-ada-angkatan\n  peserta: [{wilayah: "35.07", status: belum-diperiksa, sumber: [portal-mou]}]\n',
        "tetapi ada 1 peserta. Perbaiki",
    ),
    "unknown pattern": Fault("tanya_wilayah", "id: daftar", "id: daftr", 'pola "daftr". Maksudnya "daftar"?'),
    "unknown slot in a pattern": Fault("tanya_wilayah", "<tahun>", "<kota>", "memuat <kota>, yang tidak dikenal bot"),
    "unknown slot in an example": Fault(
        "luar_topik", "membuat KTP", "membuat KTP {kota}", "Yang dikenal: <daerah>, <prov"
    ),
    "button too long": Fault("pesan", "Pesan tombol_petugas", "x" * 61, "61 karakter, paling banyak 60"),
    "description too long": Fault(
        "pesan", "Pesan deskripsi ", "x" * 513, '"deskripsi" terlalu panjang: 513 karakter, paling banyak 512'
    ),
    "short description too long": Fault(
        "pesan", "Pesan deskripsi_singkat", "x" * 121, '"deskripsi_singkat" terlalu panjang: 121 karakter'
    ),
    "line of a menu too long": Fault("pesan", "Pesan menu_tanya", "x" * 257, "257 karakter, paling banyak 256"),
    "line of a menu on two lines": Fault("pesan", "Pesan menu_tanya", "Bertanya\\nlagi", "Tulis dalam satu baris"),
    "toast too long": Fault("pesan", "Pesan nilai_membantu", "x" * 201, "201 karakter, paling banyak 200"),
    "message too long": Fault("pesan", "Pesan bantuan", "x" * 3501, "3501 karakter, paling banyak 3500"),
    # spelling of the file itself, seen from here
    "tab": Fault("faq_kontak", "  diperiksa", "\tdiperiksa", "Ganti tiap tab"),
    "curly quotes": Fault("faq_kontak", "judul: Kontak program", "judul: “Kontak program”", "kutip melengkung"),
    "tilde": Fault("faq_kontak", "judul: Kontak program", "judul: ~", 'kunci "judul" tidak berisi'),
    # warnings
    "cut by a hash": Fault("faq_kontak", "gak\n", "gak #penting\n", "terpotong oleh tanda #", warning=True),
    "kota below 71": Fault(
        "wilayah", "jenis: kabupaten, nama: Lahat", "jenis: kota, nama: Lahat", "lazimnya kode kabupaten", warning=True
    ),
    "more members than the official size": Fault(
        "angkatan", "jumlah_resmi: 3", "jumlah_resmi: 0", "lebih dari jumlah_resmi", warning=True
    ),
    "phrasing twice in one entry": Fault(
        "faq_kontak", "gak\n", "gak\n    - Ada nomor WA-nya gak?\n", "sama dengan", down=1, warning=True
    ),
}


# A fault that says more than one thing, or something about another file than the one that was edited, has its own test.


def _line_of(text: str, part: str) -> int:
    return text[: text.index(part)].count("\n") + 1


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_planted_fault_is_named_at_its_line(folder, fault):
    """One mistake gives one problem, at its file and line, with a message that says what to do."""
    path, sound = FILES[fault.file]
    assert sound.count(fault.old) >= 1
    write_knowledge(folder, **{fault.file: sound.replace(fault.old, fault.new, 1)})
    knowledge, (problem,) = load(folder, TODAY)
    assert fault.fragment in problem.message
    assert (problem.file, problem.line) == (f"knowledge/{path}", _line_of(sound, fault.old) + fault.down)
    assert problem.warning == fault.warning
    assert (knowledge is not None) == fault.warning


HARMLESS = {
    "byte order mark": lambda text: b"\xef\xbb\xbf" + text.encode(),
    "Windows line ends": lambda text: text.replace("\n", "\r\n").encode(),
    "comments": lambda text: ("# catatan\n" + text + "# akhir\n").encode(),
}


@pytest.mark.parametrize("change", HARMLESS.values(), ids=HARMLESS)
def test_what_editors_add_changes_nothing(folder, tmp_path, change):
    """A file saved by another editor holds the same knowledge."""
    plain_knowledge = loaded(folder)
    saved = loaded(tmp_path / "saved", faq_program=change(FILES["faq_program"][1]))
    assert saved.entries == plain_knowledge.entries


def test_problems_of_all_files_come_together_in_order(folder):
    """A file that cannot be read at all doesn't hide the mistakes of the others."""
    write_knowledge(
        folder,
        faq_kontak='- id: kontak\n  judul: "Kontak\n',
        pesan=PESAN.replace("Pesan mulai ", "{x}"),
        sumber=SUMBER.replace("jenis: media", "jenis: koran\n  jumlah: 3"),
    )
    _, problems = load(folder, TODAY)
    assert [(problem.file, problem.line) for problem in problems] == [
        ("knowledge/faq/kontak.yaml", 2),
        ("knowledge/pesan.yaml", 1),
        ("knowledge/sumber.yaml", 9),
        ("knowledge/sumber.yaml", 10),
    ]


@pytest.mark.parametrize("name", FILES)
def test_missing_file_is_a_problem(folder, name):
    """No file may be left out, and what refers to it is not blamed."""
    _, problems = load(write_knowledge(folder, **{name: None}), TODAY)
    if name.startswith("faq_"):
        topic = name.removeprefix("faq_")
        assert any(f'"{topic}" tidak ada di folder faq/' in problem.message for problem in problems)
    else:
        (problem,) = problems
        assert str(problem).startswith(f"knowledge/{FILES[name][0]}:0: berkas ini tidak ada")


def test_file_without_topic_is_a_problem(folder):
    """An entry must be reachable in /topik."""
    _, (problem,) = load(write_knowledge(folder, topik="- {id: program, judul: Tentang program}\n"), TODAY)
    assert (problem.file, problem.line) == ("knowledge/faq/kontak.yaml", 0)
    assert "Tambahkan: - {id: kontak, judul:" in problem.message


def test_file_without_entries_is_a_problem(folder):
    """A topic must not be an empty shelf."""
    topics = FILES["topik"][1] + "- {id: baru, judul: Baru}\n"
    _, (problem,) = load(write_knowledge(folder, faq_baru="[]\n", topik=topics), TODAY)
    assert (problem.file, problem.line) == ("knowledge/faq/baru.yaml", 0)
    assert "belum berisi entri" in problem.message


def test_file_with_an_unusable_name_is_a_problem(folder):
    """The name of a file is the id of its topic."""
    text = "- {id: x, judul: X, jenis: sapaan, pertanyaan: [halo], jawaban: Halo., diperiksa: 2026-11-21}\n"
    write_knowledge(folder)
    (folder / "faq" / "Topik Baru.yaml").write_text(text)
    _, (problem,) = load(folder, TODAY)
    assert (problem.file, problem.line) == ("knowledge/faq/Topik Baru.yaml", 0)
    assert "Ganti namanya" in problem.message


def test_missing_folder_is_a_problem(folder):
    """A wrong path in the settings is told in one line."""
    assert load(folder) == (
        None,
        (Problem("knowledge", 0, "folder ini tidak ada. Periksa knowledge.path di pengaturan bot"),),
    )


def test_folder_without_entries_is_a_problem(folder):
    """A knowledge without any topic is never served."""
    knowledge, problems = load(write_knowledge(folder, faq_program=None, faq_kontak=None, topik="[]"), TODAY)
    assert knowledge is None
    assert "tidak berisi berkas .yaml" in problems[0].message


STRAY = {
    "other ending": ("faq/baru.yml", "ganti akhiran .yml"),
    "similar name": ("sumbr.yaml", 'Maksudnya "sumber.yaml"?'),
    "unknown name": ("xyzzy.yaml", "namanya tidak dikenal"),
}


@pytest.mark.parametrize(("path", "fragment"), STRAY.values(), ids=STRAY)
def test_file_that_nobody_reads_is_a_warning(folder, path, fragment):
    """Staff must not believe that a file is in use when it isn't."""
    write_knowledge(folder)
    (folder / path).write_text("- x\n")
    knowledge, (problem,) = load(folder, TODAY)
    assert (problem.file, problem.line, problem.warning) == (f"knowledge/{path}", 0, True)
    assert fragment in problem.message
    assert knowledge is not None


def test_folders_of_other_purpose_are_ignored(folder):
    """Schemas, notes and hidden files live beside the knowledge."""
    write_knowledge(folder)
    for path in ("skema/faq.schema.json", "README.md", ".topik.yaml"):
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_text("{")
    assert load(folder, TODAY)[1] == ()


def test_without_today_any_date_is_allowed(folder):
    """Where no day is given, nothing is compared with it."""
    text = FILES["faq_kontak"][1].replace("2026-11-21", "2099-01-01")
    assert load(write_knowledge(folder, faq_kontak=text))[1] == ()


def test_version_follows_every_file(folder, tmp_path):
    """The same files have the same version wherever they lie; any change gives another."""
    versions = {loaded(tmp_path / name / "knowledge").version for name in ("a", "b")}
    assert len(versions) == 1
    for name, (_, text) in FILES.items():
        versions.add(loaded(tmp_path / name / "k", **{name: text + "# x\n"}).version)
    assert len(versions) == 1 + len(FILES)
    assert {len(version) for version in versions} == {12}


def test_large_knowledge_loads_within_a_second(folder):
    """Hot reload must not be felt: 200 entries, over 500 regions and 300 memberships."""
    entries = "".join(
        f"- id: entri-{n}\n  judul: Entri {n}\n  pertanyaan:\n"
        + "".join(f"    - pertanyaan nomor {n} cara {way}\n" for way in range(14))
        + f"  jawaban: |\n    Jawaban {n}.\n    - butir\n  sumber: [portal-mou]\n  diperiksa: 2026-11-21\n"
        for n in range(200)
    )
    codes = [f"{province}.{number:02}" for province in range(40, 50) for number in range(1, 56)]
    regions = WILAYAH.replace(
        "daerah:\n", "".join(f'  - {{kode: "{n}", nama: P{n}}}\n' for n in range(40, 50)) + "daerah:\n", 1
    )
    rows = "".join(f'  - {{kode: "{c}", jenis: kabupaten, nama: N{c}, provinsi: "{c[:2]}"}}\n' for c in codes)
    members = "".join(f'    - {{wilayah: "{c}", status: terkonfirmasi, sumber: [portal-mou]}}\n' for c in codes[:300])
    cohort = f"- tahun: 2024\n  jumlah_resmi: 300\n  jumlah_total: 400\n  daftar: sebagian\n  peserta:\n{members}"
    write_knowledge(
        folder,
        faq_banyak=entries,
        topik=FILES["topik"][1] + "- {id: banyak, judul: Banyak}\n",
        wilayah=regions.replace("bukan_daerah:\n", rows + "bukan_daerah:\n"),
        angkatan=FILES["angkatan"][1] + cohort,
    )
    started = time.perf_counter()
    knowledge, problems = load(folder, TODAY)
    assert time.perf_counter() - started < 1.0
    assert problems == ()
    assert len(knowledge.entries) == 203


# --- test questions -------------------------------------------------------------------------------------------------

UJI = """\
- {tanya: "program ini apaan", harus: [apa-itu-program], gaya: obrolan}
- {tanya: "cuaca besok", keputusan: tolak, gagal_diketahui: "belum ditolak"}
- dialog:
    - {tanya: "malang ikut?", keputusan: [tanya-balik, jawab], pilihan: ["Kota Malang"]}
    - {tanya: "1", memuat: [Malang], tidak_memuat: [Lamongan]}
"""


def with_rehearsals(folder, text, name="program.yaml"):
    write_knowledge(folder)
    (folder / "uji").mkdir()
    (folder / "uji" / name).write_text(text)
    return folder


def test_rehearsals_hold_what_their_files_say(folder):
    """A question is a conversation of one turn; every turn knows where it stands."""
    knowledge, problems = load(with_rehearsals(folder, UJI), TODAY)
    assert problems == ()
    file = "knowledge/uji/program.yaml"
    declined = RehearsalTurn(
        "cuaca besok", decisions=(Decision.DECLINE,), file=file, line=2, known_failure="belum ditolak"
    )
    asked = RehearsalTurn(
        "malang ikut?",
        decisions=(Decision.CLARIFY, Decision.ANSWER),
        options=("Kota Malang",),
        file=file,
        line=4,
    )
    assert knowledge.rehearsals == (
        Rehearsal((RehearsalTurn("program ini apaan", ("apa-itu-program",), style="obrolan", file=file, line=1),)),
        Rehearsal((declined,)),
        Rehearsal((asked, RehearsalTurn("1", (), ("Malang",), ("Lamongan",), file=file, line=5))),
    )


def test_knowledge_without_test_questions_is_sound(folder):
    """The folder uji/ may be missing."""
    assert loaded(folder).rehearsals == ()


def test_version_does_not_follow_test_questions(folder, tmp_path):
    """What is only asked of the bot does not change what it knows."""
    knowledge, _ = load(with_rehearsals(folder, UJI), TODAY)
    assert knowledge.version == loaded(tmp_path / "other").version


REHEARSAL_FAULTS = {
    "unknown key": ("harus:", "hars:", 1, 'kunci "hars" tidak dikenal. Maksudnya "harus"?'),
    "unknown key in a dialogue": ("tidak_memuat:", "tidak_muat:", 5, 'Maksudnya "tidak_memuat"?'),
    "unknown entry": ("apa-itu-program]", "apa-itu-progam]", 1, 'Maksudnya "apa-itu-program"?'),
    "unknown entry in a dialogue": (
        "memuat: [Malang]",
        "harus: [kontak]",
        5,
        'entri "kontak" tidak ada di folder faq/',
    ),
    "unknown decision": ("keputusan: tolak", "keputusan: menolak", 2, 'Maksudnya "tolak"?'),
    "unknown decision in a list": ("[tanya-balik, jawab]", "[tanya-balik, jwb]", 4, "harus salah satu dari: jawab"),
    "no decision": ("[tanya-balik, jawab]", "[]", 4, '"keputusan" kosong'),
    "unknown style": ("gaya: obrolan", "gaya: obrol", 1, 'Maksudnya "obrolan"?'),
    "text where a list is expected": ("[Malang]", "Malang", 5, '"memuat" harus berupa daftar'),
    "no question": ('tanya: "cuaca besok", ', "", 2, 'harus memuat "tanya" atau "dialog", tepat salah satu'),
    "no question in a dialogue": ('tanya: "1", ', "", 5, 'kunci "tanya" belum ada'),
    "question beside a dialogue": ("- dialog:", "- tanya: x\n  dialog:", 3, 'harus memuat "tanya" atau "dialog"'),
    "key beside a dialogue": ("- dialog:", "- gaya: resmi\n  dialog:", 3, 'berisi kunci di samping "dialog"'),
    "nothing expected": ("keputusan: tolak, ", "", 2, "tidak menguji apa pun"),
    "unnamed reason": ('gagal_diketahui: "belum ditolak"', 'gagal_diketahui: ""', 2, '"gagal_diketahui" kosong'),
}


@pytest.mark.parametrize(("old", "new", "line", "fragment"), REHEARSAL_FAULTS.values(), ids=REHEARSAL_FAULTS)
def test_planted_fault_in_a_test_question_is_named(folder, old, new, line, fragment):
    """Test questions are checked like everything else that staff write."""
    assert UJI.count(old) == 1
    knowledge, (problem,) = load(with_rehearsals(folder, UJI.replace(old, new)), TODAY)
    assert fragment in problem.message
    assert (problem.file, problem.line, problem.warning) == ("knowledge/uji/program.yaml", line, False)
    assert knowledge is None


def test_question_that_is_a_phrasing_of_its_entry_is_a_warning(folder):
    """A question in the entry's own words proves nothing; case and punctuation make no difference."""
    same = UJI.replace("program ini apaan", "Program smart city, itu apa sih min?")
    knowledge, (problem,) = load(with_rehearsals(folder, same), TODAY)
    assert (problem.line, problem.warning) == (1, True)
    assert 'terlalu mirip: sama dengan pertanyaan di entri "apa-itu-program"' in problem.message
    assert knowledge is not None


def test_question_that_is_a_phrasing_of_another_entry_is_allowed(folder):
    """Whoever expects another entry there means it."""
    other = UJI.replace("program ini apaan", "ada nomor wa nya gak")
    assert load(with_rehearsals(folder, other), TODAY)[1] == ()


def test_stray_file_of_test_questions_is_a_warning(folder):
    """Staff must not believe that questions are asked which nobody reads."""
    _, (problem,) = load(with_rehearsals(folder, UJI, "program.yml"), TODAY)
    assert (problem.file, problem.warning) == ("knowledge/uji/program.yml", True)
