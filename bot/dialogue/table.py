"""Replies to questions on the region and cohort table.

What may be said of an absence is decided by how complete a year's list is, never by the absence itself: "tidak
tercantum" for lists published in full, "belum tercatat" for partial ones, never "tidak terpilih".
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from bot.dialogue.mind import Mind
from bot.dialogue.model import QueryKind, RegionQuery
from bot.dialogue.wording import enumerate_words, name_source, short_date
from bot.model import Certainty, Decision, Listing, Membership, Region, RegionType, Reply
from bot.regions.cohorts import Standing

RANKED = 5  # provinces named in a ranking
SOURCES_SHOWN = 2  # in the source line; both sides of a contradiction
NEIGHBOURS_SHOWN = 12
_PROVINCE_CODE = 2  # digits
_DOUBT = " (?)"


def table_reply(query: RegionQuery, mind: Mind) -> Reply:
    """Answers a table question whose slots are filled."""
    match query.kind:
        case QueryKind.MEMBERSHIP:
            lines, used = _membership(query, mind)
        case QueryKind.LIST:
            lines, used = _listing(query, mind)
        case QueryKind.COUNT:
            lines, used = _count(query, mind)
        case QueryKind.RANKING:
            lines, used = _ranking(mind)
        case QueryKind.WITHOUT:
            lines, used = _without(mind)
        case QueryKind.SAME_YEAR:
            lines, used = _same_year(query, mind)
    return Reply(Decision.ANSWER, "\n".join(lines), score=1.0, footer=_footer(used, mind))


def query_title(query: RegionQuery, mind: Mind) -> str:
    """A short name of the question, for a button."""
    regions = mind.knowledge.regions
    match query.kind:
        case QueryKind.MEMBERSHIP if query.regions:
            return mind.says("tombol_keikutsertaan", daerah=regions[query.regions[0]].full_name)
        case QueryKind.MEMBERSHIP:
            return mind.says("tombol_keikutsertaan_saya")
        case QueryKind.RANKING:
            return mind.says("tombol_peringkat")
        case QueryKind.WITHOUT:
            return mind.says("tombol_tanpa")
        case QueryKind.SAME_YEAR if query.regions:
            return mind.says("tombol_seangkatan", daerah=regions[query.regions[0]].full_name)
        case QueryKind.COUNT:
            return mind.says("tombol_jumlah", saringan=_filter_words(query, mind))
        case _:
            return mind.says("tombol_daftar", saringan=_filter_words(query, mind))


def _footer(used: Sequence[Membership], mind: Mind, sources: Iterable[str] = ()) -> str:
    ids = dict.fromkeys([*sources, *(s for m in used for s in m.sources)])
    names = [name_source(mind.knowledge.sources[i]) for i in ids if i in mind.knowledge.sources]
    if not names:
        return ""
    disputed = any(m.certainty is Certainty.DISPUTED for m in used)
    shown = "; ".join(names[: SOURCES_SHOWN if disputed or len(used) > 1 else 1])
    return mind.says("sumber_tabel", sumber=shown, tanggal=short_date(mind.knowledge.checked))


def _phase(member: Membership, mind: Mind) -> str:
    return member.phase or mind.knowledge.cohorts[member.year].phase


# --- membership -----------------------------------------------------------------------------------------------------


def _membership(query: RegionQuery, mind: Mind) -> tuple[list[str], list[Membership]]:
    lines: list[str] = []
    used: list[Membership] = []
    for code in query.regions:
        region = mind.knowledge.regions[code]
        if region.type is RegionType.PROVINCE:
            said, members = _of_province(region, mind)
        else:
            said, members = _of_region(region, query.years, mind)
        lines += [" ".join(said)] if len(query.regions) == 1 else [f"- {' '.join(said)}"]
        used += members
    return lines, used


def _of_region(region: Region, years: Sequence[int], mind: Mind) -> tuple[list[str], list[Membership]]:
    members = list(mind.table.memberships(region.code))
    confirmed = [m for m in members if m.certainty is Certainty.CONFIRMED]
    disputed = [m for m in members if m.certainty is Certainty.DISPUTED]
    asked = [m for m in confirmed if m.year in years]
    said: list[str] = []
    if asked:
        m = asked[0]
        said.append(mind.says("anggota_ya", daerah=region.full_name, tahun=m.year, tahap=_phase(m, mind)))
        others = [m for m in confirmed if m is not asked[0]]
        if others:
            said.append(mind.says("anggota_juga", daftar=_years(others, mind)))
    elif confirmed:
        said.append(_confirmed(region, confirmed, mind))
    said += [
        mind.says("anggota_diperdebatkan", daerah=region.full_name, tahun=m.year, catatan=m.note) for m in disputed
    ]
    for year in years:
        if not any(m.year == year for m in members):
            said.append(_absence(region, year, mind, elsewhere=bool(members)))
    if not members and not years:
        said.append(_absent_everywhere(region, mind))
    applicant = mind.table.applicant(region.code)
    if applicant and not confirmed:
        said.append(mind.says("anggota_pemohon", catatan=applicant.note))
    return said, members


def _confirmed(region: Region, members: Sequence[Membership], mind: Mind) -> str:
    if len(members) == 1:
        m = members[0]
        return mind.says("anggota", daerah=region.full_name, tahun=m.year, tahap=_phase(m, mind))
    return mind.says("anggota_kali", daerah=region.full_name, kali=len(members), daftar=_years(members, mind))


def _years(members: Sequence[Membership], mind: Mind) -> str:
    return enumerate_words([f"{m.year} ({_phase(m, mind)})" for m in members])


def _absence(region: Region, year: int, mind: Mind, *, elsewhere: bool) -> str:
    """That a region is not found in a year; shorter where it was just told in which year it is."""
    name = region.full_name
    match mind.table.standing(region.code, year):
        case Standing.NOT_LISTED if elsewhere:
            return mind.says("anggota_lain_tidak_tercantum", tahun=year)
        case Standing.NOT_LISTED:
            return mind.says("anggota_tidak_tercantum", daerah=name, tahun=year)
        case Standing.NOT_RECORDED:
            key = "anggota_lain_belum_tercatat" if elsewhere else "anggota_belum_tercatat"
            values = {"tercatat": mind.table.recorded(year), "resmi": mind.knowledge.cohorts[year].official_size}
            return (
                mind.says(key, tahun=year, **values) if elsewhere else mind.says(key, daerah=name, tahun=year, **values)
            )
        case Standing.NO_COHORT:
            return mind.says("anggota_tanpa_angkatan", tahun=year)
        case _:
            return mind.says("anggota_di_luar_tabel", tahun=year)


def _absent_everywhere(region: Region, mind: Mind) -> str:
    return mind.says(
        "anggota_belum_tercatat_semua",
        daerah=region.full_name,
        lengkap=enumerate_words(_years_listed(Listing.COMPLETE, mind)),
        sebagian=enumerate_words(_years_listed(Listing.PARTIAL, mind)),
    )


def _years_listed(listing: Listing, mind: Mind) -> list[int]:
    return [year for year in mind.table.years if mind.knowledge.cohorts[year].listing is listing]


def _of_province(region: Region, mind: Mind) -> tuple[list[str], list[Membership]]:
    own = [m for m in mind.table.memberships(region.code) if m.certainty is Certainty.CONFIRMED]
    said = [mind.says("provinsi_bukan_peserta")]
    if own:
        said = [
            mind.says("provinsi_smart_province", daerah=region.full_name, tahun=own[0].year, tahap=_phase(own[0], mind))
        ]
    members = list(mind.table.members(provinces=(region.code,)))
    names = list(dict.fromkeys(_marked(m, mind) for m in members))
    if names:
        count = len({m.region for m in members if m.certainty is Certainty.CONFIRMED})
        said.append(mind.says("provinsi_kabkota", daerah=region.full_name, jumlah=count, nama=enumerate_words(names)))
    else:
        said.append(mind.says("provinsi_kabkota_kosong", daerah=region.full_name))
    return said, [*own, *members]


# --- lists and counts -----------------------------------------------------------------------------------------------


def _filter_words(query: RegionQuery, mind: Mind) -> str:
    words = []
    if query.years:
        words.append(mind.says("saringan_tahun", tahun=enumerate_words(query.years)))
    if query.provinces:
        names = [mind.knowledge.regions[code].name for code in query.provinces]
        words.append(mind.says("saringan_provinsi", provinsi=enumerate_words(names)))
    if query.type:
        words.append(mind.says("saringan_jenis", jenis=query.type.value))
    return " ".join(words) or mind.says("saringan_semua")


def _members(query: RegionQuery, mind: Mind) -> tuple[Membership, ...]:
    types = (query.type,) if query.type else ()
    return mind.table.members(years=query.years, provinces=query.provinces, types=types)


def _listing(query: RegionQuery, mind: Mind) -> tuple[list[str], list[Membership]]:
    members = _members(query, mind)
    words = _filter_words(query, mind)
    missing = [_absence_of_cohort(year, mind) for year in query.years if _no_cohort(year, mind)]
    if not members:
        return [*(missing or [mind.says("daftar_kosong", saringan=words)]), *_incomplete(query, mind)], []
    sure = {m.region for m in members if m.certainty is Certainty.CONFIRMED}
    cohort = mind.knowledge.cohorts[query.years[0]] if len(query.years) == 1 else None
    if cohort and not query.provinces and not query.type:
        head = mind.says("daftar_judul_resmi", saringan=words, jumlah=len(sure), resmi=cohort.official_size)
    else:
        head = mind.says("daftar_judul", saringan=words, jumlah=len(sure))
    lines = [head, *_by_province(members, mind, with_years=len(query.years) != 1)]
    if any(m.certainty is Certainty.DISPUTED for m in members):
        lines.append(mind.says("daftar_catatan_berbeda"))
    return [*lines, *missing, *_incomplete(query, mind)], list(members)


def _no_cohort(year: int, mind: Mind) -> bool:
    cohort = mind.knowledge.cohorts.get(year)
    return cohort is None or cohort.listing is Listing.NO_COHORT


def _absence_of_cohort(year: int, mind: Mind) -> str:
    known = year in mind.knowledge.cohorts
    return mind.says("anggota_tanpa_angkatan" if known else "anggota_di_luar_tabel", tahun=year)


def _by_province(members: Sequence[Membership], mind: Mind, *, with_years: bool) -> list[str]:
    def province(m: Membership) -> str:
        return m.region[:_PROVINCE_CODE]

    lines = []
    for code, group in groupby(sorted(members, key=lambda m: (province(m), m.region, m.year)), key=province):
        names = []
        for _, same in groupby(group, key=lambda m: m.region):
            rows = list(same)
            years = f" ({', '.join(str(m.year) for m in rows)})" if with_years else ""
            doubt = _DOUBT if all(m.certainty is Certainty.DISPUTED for m in rows) else ""
            names.append(mind.knowledge.regions[rows[0].region].full_name + years + doubt)
        lines.append(f"- *{mind.knowledge.regions[code].name}* ({len(names)}): {', '.join(names)}")
    return lines


def _marked(member: Membership, mind: Mind) -> str:
    doubt = _DOUBT if member.certainty is Certainty.DISPUTED else ""
    return mind.knowledge.regions[member.region].full_name + doubt


def _incomplete(query: RegionQuery, mind: Mind) -> list[str]:
    """One clause on the years of the question whose list is partial."""
    years = [y for y in _years_listed(Listing.PARTIAL, mind) if not query.years or y in query.years]
    return [mind.says("daftar_belum_lengkap", tahun=enumerate_words(years))] if years else []


def _count(query: RegionQuery, mind: Mind) -> tuple[list[str], list[Membership]]:
    if not query.provinces and not query.type:
        return (_count_years(query.years, mind) if query.years else _count_all(mind)), []
    members = _members(query, mind)
    sure = {m.region for m in members if m.certainty is Certainty.CONFIRMED}
    doubtful = {m.region for m in members if m.certainty is Certainty.DISPUTED} - sure
    lines = [mind.says("jumlah_saringan", saringan=_filter_words(query, mind), jumlah=len(sure))]
    if doubtful:
        lines.append(mind.says("jumlah_diperdebatkan", jumlah=len(doubtful)))
    lines += [_absence_of_cohort(year, mind) for year in query.years if _no_cohort(year, mind)]
    return [*lines, *_incomplete(query, mind)], list(members)


def _count_years(years: Sequence[int], mind: Mind) -> list[str]:
    lines = []
    for year in years:
        if _no_cohort(year, mind):
            lines.append(_absence_of_cohort(year, mind))
            continue
        cohort = mind.knowledge.cohorts[year]
        said = mind.says("jumlah_tahun", tahun=year, tahap=cohort.phase, jumlah=cohort.official_size)
        lines.append(f"{said} {cohort.note}".strip())
    return lines


def _count_all(mind: Mind) -> list[str]:
    cohorts = [mind.knowledge.cohorts[year] for year in mind.table.years]
    detail = ", ".join(f"{c.year}: {c.official_size}" for c in cohorts if c.official_size)
    return [
        mind.says("jumlah_semua", tahun=cohorts[-1].year, jumlah=cohorts[-1].running_total),
        mind.says("jumlah_per_tahun", rincian=detail),
    ]


def _ranking(mind: Mind) -> tuple[list[str], list[Membership]]:
    counts = sorted(mind.table.by_province(), key=lambda c: (-c.confirmed, c.code))[:RANKED]
    named = [f"{mind.knowledge.regions[c.code].name} ({c.confirmed})" for c in counts]
    every = RegionQuery(QueryKind.RANKING)
    return [mind.says("peringkat", daftar=enumerate_words(named)), *_incomplete(every, mind)], []


def _without(mind: Mind) -> tuple[list[str], list[Membership]]:
    empty = [c.code for c in mind.table.by_province() if not c.confirmed and not c.disputed]
    every = RegionQuery(QueryKind.WITHOUT)
    if not empty:
        return [mind.says("provinsi_tanpa_nol")], []
    names = enumerate_words([mind.knowledge.regions[code].name for code in empty])
    return [mind.says("provinsi_tanpa", daftar=names), *_incomplete(every, mind)], []


def _same_year(query: RegionQuery, mind: Mind) -> tuple[list[str], list[Membership]]:
    region = mind.knowledge.regions[query.regions[0]]
    own = [m for m in mind.table.memberships(region.code) if m.certainty is Certainty.CONFIRMED]
    years = query.years or tuple(m.year for m in own)
    lines: list[str] = []
    used: list[Membership] = []
    for year in years:
        if not any(m.year == year for m in own):
            continue
        others = [m for m in mind.table.neighbours(region.code, year) if m.certainty is Certainty.CONFIRMED]
        place = mind.knowledge.regions[region.province].name
        values = {"daerah": region.full_name, "tahun": year, "provinsi": place}
        if others:
            names = enumerate_words([_marked(m, mind) for m in others[:NEIGHBOURS_SHOWN]])
            lines.append(mind.says("seangkatan", nama=names, **values))
        else:
            lines.append(mind.says("seangkatan_sendiri", **values))
        used += others
    return (lines, used) if lines else _of_region(region, query.years, mind)
