"""A small sound knowledge folder for tests: three entries, six regions, three cohorts.

Example: ``write_knowledge(tmp_path / "knowledge", faq_program="[]")`` writes it with another ``faq/program.yaml``.
"""

from pathlib import Path

from bot.messages import MESSAGES

FAQ_PROGRAM = """\
- id: apa-itu-program
  judul: Apa itu program 100 Smart City
  pertanyaan:
    - Apa yang dimaksud dengan Gerakan Menuju 100 Smart City?
    - program smart city itu apa sih min
    - What is the smart city programme?
  jawaban: |
    Program yang membimbing kabupaten/kota menyusun *masterplan smart city*.
    - Dimulai tahun 2017.
  ringkas: Program pembimbingan masterplan smart city sejak 2017.
  sumber: [berita-lahat, portal-mou]
  diperiksa: 2026-11-21
  terkait: [kontak-program]

- id: tempat-mou
  judul: Tempat penandatanganan MoU
  pertanyaan:
    - Di mana MoU ditandatangani?
    - mou-nya di mana ya kak
    - Where was the memorandum signed?
  jawaban: Tempatnya berbeda tiap tahun.
  sumber: [portal-mou]
  diperiksa: 2026-11-20
  berlaku_sampai: 2027-12-31
  ambang: 0.65
  jangan_disarankan: ya
  varian:
    - tahun: 2018
      jawaban: MoU 2018 ditandatangani di Jakarta.
      sumber: [portal-mou]
    - nomor: 2
      jawaban: Tahap II di Jakarta.
"""

FAQ_KONTAK = """\
- id: kontak-program
  judul: Kontak program
  jenis: belum-ada-data
  pertanyaan:
    - Nomor kontak program yang bisa dihubungi berapa?
    - ada nomor wa nya gak
    - How do I contact the programme?
  jawaban: Belum ada data resmi di basis pengetahuan kami tentang nomor kontak.
  diperiksa: 2026-11-21
"""

TOPIK = """\
- {id: program, judul: Tentang program}
- {id: kontak, judul: Kontak}
"""

SUMBER = """\
- id: berita-lahat
  judul: Pemkab Lahat Antusias Ikuti Gerakan 100 Smart City
  penerbit: Kominfo
  tautan: https://www.kominfo.go.id/content/detail/16226
  tanggal: "2019-02-06"
  jenis: kementerian
- id: portal-mou
  judul: Penandatanganan MoU
  jenis: media
"""

WILAYAH = """\
provinsi:
  - {kode: "16", nama: Sumatera Selatan, alias: [Sumsel]}
  - {kode: "32", nama: Jawa Barat, alias: [Jabar]}
  - {kode: "35", nama: Jawa Timur, alias: [Jatim]}
daerah:
  - {kode: "16.04", jenis: kabupaten, nama: Lahat, provinsi: "16"}
  - {kode: "32.17", jenis: kabupaten, nama: Bandung Barat, provinsi: "32", alias_kapital: [KBB]}
  - {kode: "35.07", jenis: kabupaten, nama: Malang, provinsi: "35"}
  - {kode: "35.24", jenis: kabupaten, nama: Lamongan, provinsi: "35"}
  - {kode: "35.73", jenis: kota, nama: Malang, provinsi: "35"}
  - {kode: "35.79", jenis: kota, nama: Batu, provinsi: "35", kata_umum: ya}
bukan_daerah:
  - {nama: [Padalarang], maksud: "32.17"}
  - {nama: [Malang Raya], maksud_daerah: ["35.07", "35.73", "35.79"]}
"""

ANGKATAN = """\
- tahun: 2018
  tahap: Tahap II
  jumlah_resmi: 2
  jumlah_total: 2
  daftar: lengkap-diumumkan
  penandatanganan: {tanggal: 2018-05-08, tempat: "Redtop Hotel, Jakarta", sumber: [portal-mou]}
  sumber: [portal-mou]
  peserta:
    - {wilayah: "35.24", status: terkonfirmasi, sumber: [portal-mou]}
    - {wilayah: "35.73", status: diperdebatkan, sumber: [portal-mou], catatan: Satu sumber menyebut Kabupaten Malang.}
- tahun: 2020
  jumlah_resmi: 0
  jumlah_total: 2
  daftar: tidak-ada-angkatan
- tahun: 2022
  jumlah_resmi: 3
  jumlah_total: 5
  daftar: sebagian
  peserta:
    - {wilayah: "35.24", status: terkonfirmasi, sumber: [portal-mou], pengulangan: ya}
    - {wilayah: "35.07", status: belum-diperiksa, sumber: [portal-mou]}
    - {wilayah: "32", status: terkonfirmasi, sumber: [portal-mou], tahap: Smart Province}
"""

PEMOHON = """\
- {wilayah: "16.04", tahun: 2019, catatan: Lahat mengajukan diri untuk 2019., sumber: [berita-lahat]}
"""

ISTILAH = """\
- baku: bagaimana
  ditulis: [gmn, Gimana]
- baku: kabupaten
  ditulis: [kab]
"""

TANYA_WILAYAH = """\
- id: anggota
  pertanyaan:
    - apakah <daerah> ikut
    - <daerah> masuk tahun <tahun>
- id: daftar
  pertanyaan:
    - siapa saja peserta <tahun>
"""

LUAR_TOPIK = """\
- id: ktp
  judul: Administrasi kependudukan
  contoh:
    - cara membuat KTP
  jawaban: Silakan hubungi Dinas Dukcapil setempat.
"""

PESAN = "".join(
    f'{key}: "Pesan {key} {" ".join(f"{{{name}}}" for name in sorted(names))}"\n' for key, names in MESSAGES.items()
)

FILES = {
    "faq_program": ("faq/program.yaml", FAQ_PROGRAM),
    "faq_kontak": ("faq/kontak.yaml", FAQ_KONTAK),
    "topik": ("topik.yaml", TOPIK),
    "sumber": ("sumber.yaml", SUMBER),
    "wilayah": ("wilayah.yaml", WILAYAH),
    "angkatan": ("angkatan.yaml", ANGKATAN),
    "pemohon": ("pemohon.yaml", PEMOHON),
    "istilah": ("istilah.yaml", ISTILAH),
    "tanya_wilayah": ("tanya-wilayah.yaml", TANYA_WILAYAH),
    "luar_topik": ("luar-topik.yaml", LUAR_TOPIK),
    "pesan": ("pesan.yaml", PESAN),
}


def write_knowledge(folder: Path, **overrides: str | bytes | None) -> Path:
    """Write the folder and return it; an override is a file's whole content, None leaves the file out.

    The names are those of ``FILES``; any other ``faq_<topik>`` adds a file (and needs a line in ``topik``).
    """
    contents: dict[str, str | bytes | None] = dict(FILES.values())
    for name, content in overrides.items():
        path = FILES[name][0] if name in FILES else f"faq/{name.removeprefix('faq_').replace('_', '-')}.yaml"
        contents[path] = content
    (folder / "faq").mkdir(parents=True, exist_ok=True)
    for path, content in contents.items():
        if content is not None:
            (folder / path).write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder
