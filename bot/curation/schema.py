"""What may stand in the knowledge files: one record per kind of item, keys and descriptions in Bahasa Indonesia.

The records take text only, as the files are read as text. Their JSON Schemas give editors completion and hover
texts, so every description is written for staff.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, TypeAlias, get_args

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    TypeAdapter,
    ValidationInfo,
    WithJsonSchema,
    create_model,
    field_validator,
    model_validator,
)

from bot.curation.fields import (
    MAX_ANSWER,
    MAX_DESCRIPTION,
    MAX_SHORT_DESCRIPTION,
    MAX_TOAST,
    Address,
    Count,
    Day,
    Fraction,
    Identifier,
    Identifiers,
    Line,
    Note,
    Number,
    ProvinceCode,
    Published,
    RegencyCode,
    RegionCode,
    ShortText,
    Text,
    Title,
    Year,
    YesNo,
    button_text,
    command_text,
    fault,
    message_text,
)
from bot.messages import MESSAGES
from bot.model import Certainty, EntryKind, Listing, SourceKind


def _config(title: str, description: str) -> ConfigDict:
    return ConfigDict(
        extra="forbid",
        frozen=True,
        title=title,
        json_schema_extra={"description": description},  # instead of the docstring, which is for programmers
        field_title_generator=lambda name, info: info.alias or name,
    )


class VariantRecord(BaseModel):
    """An answer for one year or one number."""

    model_config = _config("Varian", "Jawaban khusus untuk satu tahun atau satu nomor.")

    year: Year | None = Field(None, alias="tahun", description="Tahun yang disebut penanya, misalnya 2019.")
    number: Number | None = Field(None, alias="nomor", description="Nomor bimtek, buku, atau tahap, misalnya 2.")
    answer: Text = Field(alias="jawaban", description="Jawaban untuk tahun atau nomor ini.")
    sources: Identifiers = Field((), alias="sumber", description="Sumbernya; kosongkan bila sama dengan entrinya.")

    @model_validator(mode="after")
    def _one_of_both(self) -> VariantRecord:
        if (self.year is None) == (self.number is None):
            raise fault('harus memuat "tahun" atau "nomor", tepat salah satu')
        return self


class EntryRecord(BaseModel):
    """One question-and-answer unit of ``faq/<topik>.yaml``."""

    model_config = _config("Entri", "Satu hal yang ditanyakan, dengan cara-cara menanyakannya dan jawabannya.")

    id: Identifier = Field(description="Nama tetap entri: huruf kecil, angka, tanda -; paling banyak 40 karakter.")
    title: Title = Field(alias="judul", description="Tulisan pada tombol; harus dikenali tanpa konteks.")
    utterances: tuple[Line, ...] = Field(
        alias="pertanyaan", min_length=1, description="Cara-cara orang menanyakannya; makin berbeda makin baik."
    )
    kind: EntryKind = Field(
        EntryKind.FACT, alias="jenis", description="fakta (bawaan), belum-ada-data, sapaan, atau layanan."
    )
    answer: Text = Field(alias="jawaban", description='Teks biasa: paragraf, baris "- ", *tebal*, alamat.')
    short: ShortText = Field("", alias="ringkas", description="Versi pendek untuk grup, utuh bila berdiri sendiri.")
    quote: Text = Field("", alias="kutipan", description="Kutipan peraturan, ditampilkan terlipat.")
    sources: Identifiers = Field(
        (), alias="sumber", validate_default=True, description="Id dari sumber.yaml; yang pertama ditampilkan."
    )
    checked: Day = Field(alias="diperiksa", description="Tanggal terakhir jawaban diperiksa, misalnya 2026-11-21.")
    valid_until: Day | None = Field(
        None, alias="berlaku_sampai", description="Setelah tanggal ini bot mengatakan jawabannya sedang diperbarui."
    )
    owner: Line = Field("", alias="penanggung_jawab", description="Unit yang memeriksa jawaban ini.")
    related: Identifiers = Field((), alias="terkait", description="Id entri lain yang ditawarkan sesudah jawaban.")
    threshold: Fraction | None = Field(None, alias="ambang", description="Ambang keyakinan khusus entri ini, 0-1.")
    unsuggestable: YesNo = Field(False, alias="jangan_disarankan", description="ya: jangan muncul sebagai pilihan.")
    variants: tuple[VariantRecord, ...] = Field((), alias="varian", description="Jawaban per tahun atau per nomor.")

    @field_validator("sources")
    @classmethod
    def _facts_have_sources(cls, sources: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        if not sources and info.data.get("kind") is EntryKind.FACT:
            raise fault("wajib berisi paling sedikit satu id dari sumber.yaml")
        return sources


class TopicRecord(BaseModel):
    """One item of ``topik.yaml``."""

    model_config = _config("Topik", "Satu berkas di faq/; urutannya adalah urutan di /topik.")

    id: Identifier = Field(description="Nama berkas di faq/ tanpa .yaml.")
    title: Title = Field(alias="judul", description="Judul yang dibaca pengguna.")


class SourceRecord(BaseModel):
    """One item of ``sumber.yaml``."""

    model_config = _config("Sumber", "Satu dokumen atau halaman yang menjadi dasar jawaban.")

    id: Identifier = Field(description="Nama tetap sumber, dipakai di kunci sumber berkas lain.")
    title: Line = Field(alias="judul", description="Judul dokumen atau berita.")
    kind: SourceKind = Field(alias="jenis", description="Siapa penerbitnya: kementerian, daerah, media, dokumen.")
    publisher: Line = Field("", alias="penerbit", description="Nama lembaga atau media yang menerbitkan.")
    url: Address = Field("", alias="tautan", description="Alamat lengkap, diawali http:// atau https://.")
    published: Published = Field("", alias="tanggal", description="Tanggal terbit: 2019-02-06, 2019-02 atau 2019.")


class _PlaceRecord(BaseModel):
    """What provinces and regencies have in common."""

    name: Line = Field(alias="nama", description='Nama tanpa "Kabupaten", "Kota" atau "Provinsi".')
    aliases: tuple[Line, ...] = Field((), alias="alias", description="Nama lain dan singkatan.")
    capital_aliases: tuple[Line, ...] = Field(
        (), alias="alias_kapital", description="Singkatan yang hanya dikenali dalam HURUF BESAR."
    )
    common_word: YesNo = Field(False, alias="kata_umum", description="ya: namanya juga kata biasa, misalnya Batu.")


class ProvinceRecord(_PlaceRecord):
    """A province in ``wilayah.yaml``."""

    model_config = _config("Provinsi", "Satu provinsi.")

    code: ProvinceCode = Field(alias="kode", description='Dua angka: "35".')


class RegencyRecord(_PlaceRecord):
    """A kabupaten or kota in ``wilayah.yaml``."""

    model_config = _config("Daerah", "Satu kabupaten atau kota.")

    code: RegencyCode = Field(alias="kode", description='Kode Kemendagri: "35.24".')
    type: Literal["kabupaten", "kota"] = Field(alias="jenis", description="kabupaten atau kota.")
    province: ProvinceCode = Field(alias="provinsi", description='Kode provinsinya: "35".')


class OtherPlaceRecord(BaseModel):
    """A place that is no kabupaten or kota, in ``wilayah.yaml``."""

    model_config = _config("Bukan daerah", "Tempat yang ditanyakan orang tetapi bukan kabupaten/kota.")

    names: tuple[Line, ...] = Field(alias="nama", min_length=1, description="Nama-nama tempat ini.")
    answer: Text = Field("", alias="jawaban", description="Yang dikatakan bot bila tidak ada daerah yang dimaksud.")
    meant: RegionCode | None = Field(None, alias="maksud", description="Kode satu daerah yang biasanya dimaksud.")
    meant_regions: tuple[RegionCode, ...] = Field(
        (), alias="maksud_daerah", description="Kode beberapa daerah yang mungkin dimaksud."
    )

    @model_validator(mode="after")
    def _says_something(self) -> OtherPlaceRecord:
        if not (self.answer or self.meant or self.meant_regions):
            raise fault('harus memuat "jawaban", "maksud" atau "maksud_daerah"')
        return self


class RegionsRecord(BaseModel):
    """The whole of ``wilayah.yaml``."""

    model_config = _config("Wilayah", "Semua provinsi, kabupaten dan kota.")

    provinces: tuple[ProvinceRecord, ...] = Field(alias="provinsi", min_length=1, description="Daftar provinsi.")
    regencies: tuple[RegencyRecord, ...] = Field(alias="daerah", min_length=1, description="Kabupaten dan kota.")
    other_places: tuple[OtherPlaceRecord, ...] = Field(
        (), alias="bukan_daerah", description="Tempat lain yang sering disebut."
    )


class SigningRecord(BaseModel):
    """The signing of a cohort's memorandum."""

    model_config = _config("Penandatanganan", "Kapan dan di mana nota kesepahaman ditandatangani.")

    day: Day = Field(alias="tanggal", description="Misalnya 2018-05-08.")
    place: Line = Field(alias="tempat", description="Misalnya Redtop Hotel, Jakarta.")
    sources: Identifiers = Field((), alias="sumber", description="Id dari sumber.yaml.")


class MemberRecord(BaseModel):
    """One region in one year."""

    model_config = _config("Peserta", "Satu daerah dalam satu angkatan.")

    region: RegionCode = Field(alias="wilayah", description='Kode: "35.24", atau "32" untuk Smart Province.')
    certainty: Certainty = Field(alias="status", description="terkonfirmasi, diperdebatkan, atau belum-diperiksa.")
    sources: Identifiers = Field(alias="sumber", min_length=1, description="Id dari sumber.yaml; paling sedikit satu.")
    note: Note = Field(
        "", alias="catatan", validate_default=True, description="Wajib bila diperdebatkan: kedua sisi, satu kalimat."
    )
    repeat: YesNo = Field(False, alias="pengulangan", description="ya: daerah ini pernah ikut pada tahun sebelumnya.")
    phase: Line = Field("", alias="tahap", description="Bila berbeda dari tahap angkatannya.")

    @field_validator("note")
    @classmethod
    def _disputed_has_note(cls, note: str, info: ValidationInfo) -> str:
        if not note and info.data.get("certainty") is Certainty.DISPUTED:
            raise fault("wajib diisi bila status diperdebatkan: sebut kedua sisi dalam satu kalimat")
        return note


class CohortRecord(BaseModel):
    """One year of ``angkatan.yaml``."""

    model_config = _config("Angkatan", "Satu tahun program dengan pesertanya.")

    year: Year = Field(alias="tahun", description="Tahun angkatan.")
    phase: Line = Field("", alias="tahap", description="Misalnya Tahap II.")
    official_size: Count = Field(alias="jumlah_resmi", description="Jumlah resmi kabupaten/kota, tanpa provinsi.")
    running_total: Count = Field(alias="jumlah_total", description="Jumlah kabupaten/kota sampai tahun ini.")
    listing: Listing = Field(alias="daftar", description="lengkap-diumumkan, sebagian, atau tidak-ada-angkatan.")
    note: Text = Field("", alias="catatan", description="Keterangan yang ikut dibaca pengguna.")
    signing: SigningRecord | None = Field(None, alias="penandatanganan", description="Penandatanganan MoU.")
    sources: Identifiers = Field((), alias="sumber", description="Id dari sumber.yaml untuk angka-angka di atas.")
    members: tuple[MemberRecord, ...] = Field((), alias="peserta", description="Daerah peserta.")


class ApplicantRecord(BaseModel):
    """One item of ``pemohon.yaml``."""

    model_config = _config("Pemohon", "Daerah yang diketahui mengajukan diri, hasilnya tidak diketahui.")

    region: RegionCode = Field(alias="wilayah", description='Kode: "16.04".')
    year: Year = Field(alias="tahun", description="Tahun yang dituju.")
    note: Line = Field(alias="catatan", description="Satu kalimat yang dibaca pengguna.")
    sources: Identifiers = Field(alias="sumber", min_length=1, description="Id dari sumber.yaml; paling sedikit satu.")


class TermRecord(BaseModel):
    """One item of ``istilah.yaml``."""

    model_config = _config("Istilah", "Kata baku dan cara-cara orang menulisnya.")

    standard: Line = Field(alias="baku", description="Kata atau frasa baku.")
    typed: tuple[Line, ...] = Field(alias="ditulis", min_length=1, description="Singkatan, ejaan obrolan, sinonim.")


class PatternRecord(BaseModel):
    """One item of ``tanya-wilayah.yaml``."""

    model_config = _config("Pola", "Cara menanyakan daerah atau angkatan.")

    id: Identifier = Field(description="Nama pola; jangan diubah, dipakai oleh bot.")
    utterances: tuple[Line, ...] = Field(
        alias="pertanyaan", min_length=1, description="Boleh memuat <daerah>, <tahun>, <provinsi>, <nomor>."
    )


class OffTopicRecord(BaseModel):
    """One item of ``luar-topik.yaml``."""

    model_config = _config("Luar topik", "Contoh pertanyaan yang bukan urusan bot ini.")

    id: Identifier = Field(description="Nama tetap; tidak boleh sama dengan id entri.")
    title: Line = Field(alias="judul", description="Judul untuk penyunting.")
    examples: tuple[Line, ...] = Field(alias="contoh", min_length=1, description="Contoh pertanyaan.")
    answer: Text = Field("", alias="jawaban", description="Petunjuk ke kantor yang tepat.")


DecisionWord: TypeAlias = Literal["jawab", "tanya-balik", "tolak"]
StyleWord: TypeAlias = Literal["resmi", "obrolan", "salah-ketik", "inggris", "panjang", "tidak-langsung"]


def _one_or_several(value: object) -> object:
    if value == []:
        raise fault("kosong. Tulis paling sedikit satu butir")
    return [value] if isinstance(value, str) else value


_DECISION_SCHEMA = {"enum": [*get_args(DecisionWord)]}

DecisionWords: TypeAlias = Annotated[
    tuple[DecisionWord, ...],
    BeforeValidator(_one_or_several),
    WithJsonSchema({"oneOf": [_DECISION_SCHEMA, {"type": "array", "items": _DECISION_SCHEMA}]}),
]


class RehearsalTurnRecord(BaseModel):
    """One question of a test conversation in ``uji/<topik>.yaml``."""

    model_config = _config("Giliran", "Satu pertanyaan uji dengan harapan atas jawabannya.")

    question: Line = Field(alias="tanya", description="Pertanyaan, persis seperti yang akan diketik orang.")
    must: Identifiers = Field((), alias="harus", description="Id entri; salah satunya harus menjadi jawabannya.")
    contains: tuple[Line, ...] = Field((), alias="memuat", description="Teks yang semuanya harus ada di jawaban.")
    not_contains: tuple[Line, ...] = Field((), alias="tidak_memuat", description="Teks yang tidak boleh ada.")
    decisions: DecisionWords | None = Field(
        None, alias="keputusan", description="jawab, tanya-balik atau tolak; boleh beberapa: [tolak, tanya-balik]."
    )
    options: tuple[Line, ...] = Field((), alias="pilihan", description="Tombol yang semuanya harus ditawarkan.")
    style: StyleWord | None = Field(None, alias="gaya", description="Cara bertanya, untuk laporan uji.")
    known_failure: Line = Field(
        "", alias="gagal_diketahui", description="Alasan mengapa pertanyaan ini masih gagal; hapus setelah lulus."
    )

    @property
    def expects(self) -> bool:
        """Tells whether anything can make this turn fail."""
        return bool(self.must or self.contains or self.not_contains or self.decisions or self.options)


class RehearsalRecord(RehearsalTurnRecord):
    """One item of ``uji/<topik>.yaml``: a question, or a conversation of several."""

    model_config = _config("Uji", "Satu pertanyaan uji, atau satu percakapan.")

    question: Line = Field("", alias="tanya", description="Pertanyaan, persis seperti yang akan diketik orang.")
    dialogue: tuple[RehearsalTurnRecord, ...] = Field(
        (), alias="dialog", description="Beberapa pertanyaan dari orang yang sama, berurutan."
    )

    @model_validator(mode="after")
    def _question_or_dialogue(self) -> RehearsalRecord:
        if bool(self.question) == bool(self.dialogue):
            raise fault('harus memuat "tanya" atau "dialog", tepat salah satu')
        if self.dialogue and self.model_fields_set != {"dialogue"}:
            raise fault('berisi kunci di samping "dialog". Pindahkan ke pertanyaan di dalam dialog itu')
        if not any(turn.expects for turn in self.dialogue or (self,)):
            raise fault(
                'tidak menguji apa pun. Tambahkan "harus", "memuat", "keputusan", "pilihan" atau "tidak_memuat"'
            )
        return self


BUTTON = "tombol_"  # how the keys of texts on buttons begin
ABOUT_BUTTONS = frozenset({"tombol_kedaluwarsa", "tombol_orang_lain"})  # what is said when a button is pressed in vain
TOASTS = ABOUT_BUTTONS | {
    "nilai_membantu",
    "nilai_tidak_membantu",
    "atur_bukan_pengurus",
    "grup_jam_tenang",
    "tiket_sudah_selesai",
}
"""What a pressed button may say itself; Telegram cuts it."""
COMMAND = "menu_"  # how the keys of the lines in the menus of commands begin
LONGEST = dict.fromkeys(TOASTS, MAX_TOAST) | {
    "deskripsi": MAX_DESCRIPTION,
    "deskripsi_singkat": MAX_SHORT_DESCRIPTION,
}
"""Characters of the sentences that are shown where there is less room than in a message."""


def _message_type(key: str, allowed: frozenset[str]) -> Any:
    if key.startswith(BUTTON) and key not in ABOUT_BUTTONS:
        return button_text(allowed)
    return command_text() if key.startswith(COMMAND) else message_text(allowed, LONGEST.get(key, MAX_ANSWER))


def _messages_model(messages: Mapping[str, frozenset[str]]) -> type[BaseModel]:
    fields: dict[str, Any] = {}
    for key, allowed in messages.items():
        names = ", ".join(f"{{{name}}}" for name in sorted(allowed))
        description = f"Boleh memuat {names}." if names else "Tanpa kata dalam kurung kurawal."
        fields[key] = (_message_type(key, allowed), Field(description=description))
    config = _config("Pesan", "Semua kalimat bot yang bukan jawaban.")
    return create_model("MessagesRecord", __config__=config, **fields)


MessagesRecord = _messages_model(MESSAGES)

LISTS: Mapping[str, type[BaseModel]] = {
    "faq": EntryRecord,
    "topik": TopicRecord,
    "sumber": SourceRecord,
    "angkatan": CohortRecord,
    "pemohon": ApplicantRecord,
    "istilah": TermRecord,
    "tanya-wilayah": PatternRecord,
    "luar-topik": OffTopicRecord,
    "uji": RehearsalRecord,
}
MAPPINGS: Mapping[str, type[BaseModel]] = {"wilayah": RegionsRecord, "pesan": MessagesRecord}


def json_schemas() -> dict[str, dict[str, Any]]:
    """The JSON Schema of every kind of knowledge file, for completion and hover texts in editors.

    >>> sorted(json_schemas()["topik"]["items"]["$ref"].split("/"))
    ['#', '$defs', 'TopicRecord']
    """
    schemas = {kind: TypeAdapter(list[model]).json_schema() for kind, model in LISTS.items()}  # type: ignore[valid-type]
    schemas |= {kind: model.model_json_schema() for kind, model in MAPPINGS.items()}
    return {kind: _for_editors(schema) for kind, schema in schemas.items()}


def _for_editors(schema: Any) -> Any:
    """The schema without what would only confuse staff: null, empty defaults, docstrings of enums."""
    if isinstance(schema, list):
        return [_for_editors(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    if "anyOf" in schema:  # pydantic's way to say that a key may be left out
        schema = schema["anyOf"][0] | {key: value for key, value in schema.items() if key != "anyOf"}
    for name, definition in schema.get("$defs", {}).items():
        if "enum" in definition:
            schema["$defs"][name] = {"enum": definition["enum"]}
    return {key: _for_editors(value) for key, value in schema.items() if key != "default"}
