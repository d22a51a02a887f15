"""Replies to questions on the region and cohort table.

What may be said of an absence is decided by how complete a year's list is, never by the absence itself: "tidak
tercantum" for lists published in full, "belum tercatat" for partial ones, never "tidak terpilih".
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

from bot.dialogue.mind import Mind
from bot.dialogue.model import FILE, REPORT, TABLE, QueryKind, RegionQuery, choices
from bot.dialogue.wording import cite, enumerate_words, name_source, short_date
from bot.model import Certainty, Choice, Decision, Listing, Membership, Region, RegionType, Reply
from bot.regions.cohorts import Standing
from bot.regions.names import island_name

RANKED = 5  # provinces named in a ranking
SOURCES_SHOWN = 2  # in the source line of a list
SOURCES_DISPUTED = 3  # where sources differ
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
            lines, used = _ranking(query.years, mind)
        case QueryKind.WITHOUT:
            lines, used = _without_regions(query, mind) if query.provinces else _without(query.years, mind)
        case QueryKind.SAME_YEAR:
            lines, used = _same_year(query, mind)
    applicants = [a for a in map(mind.table.applicant, query.regions) if a is not None]
    lists = [s for year in query.years if year in mind.knowledge.cohorts for s in mind.knowledge.cohorts[year].sources]
    sources = _sources(used, [*(s for a in applicants for s in a.sources), *(() if used else lists)], mind)
    listed = query.encode() if query.kind is QueryKind.LIST else ""
    actions = _actions(query, used, mind)
    return Reply(
        Decision.ANSWER,
        "\n".join(lines),
        score=1.0,
        footer=_footer(used, sources, mind),
        reference=cite(sources, mind.knowledge.checked, mind),
        actions=actions,
        list_id=listed,
    )


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
            return mind.says("tombol_jumlah", saringan=filter_words(query, mind))
        case _:
            return mind.says("tombol_daftar", saringan=filter_words(query, mind))


def _sources(used: Sequence[Membership], others: Sequence[str], mind: Mind) -> list[str]:
    """Ids of the sources behind a reply, those most used first."""
    often = Counter(source for m in used for source in m.sources)
    return [i for i in dict.fromkeys([*(i for i, _ in often.most_common()), *others]) if i in mind.knowledge.sources]


def _footer(used: Sequence[Membership], ids: Sequence[str], mind: Mind) -> str:
    """The sources most used, both sides of a contradiction, and the day of the table."""
    if not ids:
        return ""
    disputed = any(m.certainty is Certainty.DISPUTED for m in used)
    most = SOURCES_DISPUTED if disputed else SOURCES_SHOWN if len(used) > 1 else 1
    shown = "; ".join(name_source(mind.knowledge.sources[i]) for i in ids[:most])
    return mind.says("sumber_tabel", sumber=shown, tanggal=short_date(mind.knowledge.checked))


def _actions(query: RegionQuery, used: Sequence[Membership], mind: Mind) -> tuple[Choice, ...]:
    """What may help next: report a missing row, see who else took part, take the list along."""
    pairs: list[tuple[str, str]] = []
    match query.kind:
        case QueryKind.MEMBERSHIP if len(query.regions) == 1:
            code = query.regions[0]
            if _reportable(code, query.years, mind):
                pairs.append((f"{REPORT}:{code}", mind.says("tombol_lapor")))
            elif used and mind.knowledge.regions[code].type is not RegionType.PROVINCE:
                same = replace(query, kind=QueryKind.SAME_YEAR, years=())
                pairs.append((f"{TABLE}:{same.encode()}", query_title(same, mind)))
        case QueryKind.LIST if used:
            pairs.append((f"{FILE}:{query.encode()}", mind.says("tombol_berkas")))
        case QueryKind.COUNT if query.years or query.provinces:
            full = replace(query, kind=QueryKind.LIST)
            pairs.append((f"{TABLE}:{full.encode()}", query_title(full, mind)))
        case QueryKind.SAME_YEAR:
            years = query.years or tuple(dict.fromkeys(m.year for m in used))
            full = RegionQuery(QueryKind.LIST, years=years)
            pairs.append((f"{TABLE}:{full.encode()}", query_title(full, mind)))
    return choices(pairs)


def _reportable(code: str, years: Sequence[int], mind: Mind) -> bool:
    """Tells whether users may know more than the table: nothing recorded where lists are partial, or sources differ."""
    members = mind.table.memberships(code)
    if mind.knowledge.regions[code].type is RegionType.PROVINCE:
        return False
    if not members or any(m.certainty is Certainty.DISPUTED for m in members):
        return True
    return any(mind.table.standing(code, year) is Standing.NOT_RECORDED for year in years)


HEADINGS = ("Kode", "Jenis", "Nama", "Provinsi", "Tahun", "Tahap", "Kepastian", "Sumber")


def list_rows(query: RegionQuery, mind: Mind) -> list[tuple[str, ...]]:
    """The rows of a list for a spreadsheet, under ``HEADINGS``; codes and years stay text."""
    rows: list[tuple[str, ...]] = []
    for m in _members(query, mind):
        region = mind.knowledge.regions[m.region]
        province = mind.knowledge.regions[region.province].name
        sources = "; ".join(
            " ".join(filter(None, (name_source(s), s.url)))
            for s in (mind.knowledge.sources[i] for i in m.sources if i in mind.knowledge.sources)
        )
        certainty = m.certainty.value + (f": {m.note}" if m.note else "")
        kind = region.type.value
        rows.append((m.region, kind, region.name, province, str(m.year), _phase(m, mind), certainty, sources))
    return rows


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
    for note in dict.fromkeys(m.note for m in disputed):
        told = enumerate_words([m.year for m in disputed if m.note == note])
        said.append(mind.says("anggota_diperdebatkan", daerah=region.full_name, tahun=told, catatan=note))
    for year in years:
        if not any(m.year == year for m in members):
            said.append(_absence(region, year, mind, elsewhere=bool(members)))
    if not members and not years:
        said.append(_absent_everywhere(region, mind))
    applicant = mind.table.applicant(region.code)
    if applicant and not confirmed:
        said.append(mind.says("anggota_pemohon", daerah=region.full_name, catatan=applicant.note))
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


def filter_words(query: RegionQuery, mind: Mind) -> str:
    """The filters of a list in words: "tahun 2018 dari Jawa Timur berupa kota"."""
    words = []
    if query.years:
        words.append(mind.says("saringan_tahun", tahun=enumerate_words(query.years)))
    if query.provinces:
        regions = mind.knowledge.regions
        island = island_name(query.provinces, [code for code, r in regions.items() if r.type is RegionType.PROVINCE])
        names = [island] if island else [regions[code].name for code in query.provinces]
        words.append(mind.says("saringan_provinsi", provinsi=enumerate_words(names)))
    if query.type:
        words.append(mind.says("saringan_jenis", jenis=query.type.value))
    return " ".join(words) or mind.says("saringan_semua")


def _members(query: RegionQuery, mind: Mind) -> tuple[Membership, ...]:
    types = (query.type,) if query.type else ()
    return mind.table.members(years=query.years, provinces=query.provinces, types=types)


def _listing(query: RegionQuery, mind: Mind) -> tuple[list[str], list[Membership]]:
    members = _members(query, mind)
    words = filter_words(query, mind)
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
    doubtful = {m.region for m in members if not _sure(m)}
    if doubtful:
        lines.append(mind.says("daftar_catatan_berbeda", jumlah=len(doubtful)))
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
        names, doubts = [], 0
        for _, same in groupby(group, key=lambda m: m.region):
            rows = list(same)
            all_doubtful = all(m.certainty is Certainty.DISPUTED for m in rows)
            told = [str(m.year) + ("" if all_doubtful or _sure(m) else "?") for m in rows]
            years = f" ({', '.join(told)})" if with_years else ""
            doubt = _DOUBT if all_doubtful else ""
            doubts += all_doubtful
            names.append(mind.knowledge.regions[rows[0].region].full_name + years + doubt)
        lines.append(f"- *{mind.knowledge.regions[code].name}* ({_number(len(names), doubts)}): {', '.join(names)}")
    return lines


def _number(names: int, doubts: int) -> str:
    """How many names a line lists, as the sum above it counts them.

    >>> _number(30, 0), _number(32, 2), _number(1, 1)
    ('30', '30 + 2?', '1?')
    """
    sure = names - doubts
    return " + ".join([str(sure)] * bool(sure) + [f"{doubts}?"] * bool(doubts))


def _sure(member: Membership) -> bool:
    return member.certainty is Certainty.CONFIRMED


def _marked(member: Membership, mind: Mind) -> str:
    doubt = _DOUBT if member.certainty is Certainty.DISPUTED else ""
    return mind.knowledge.regions[member.region].full_name + doubt


def _incomplete(query: RegionQuery, mind: Mind) -> list[str]:
    """One clause on the years of the question whose list is partial."""
    years = [y for y in _years_listed(Listing.PARTIAL, mind) if not query.years or y in query.years]
    return [mind.says("daftar_belum_lengkap", tahun=enumerate_words(years))] if years else []


def _count(query: RegionQuery, mind: Mind) -> tuple[list[str], list[Membership]]:
    if not query.provinces and not query.type:
        if len(query.years) > 1 and query.years[0] == mind.table.years[0] and _in_a_row(query.years):
            return _count_all(query.years, mind), []  # "sampai 2022"
        return (_count_years(query.years, mind) if query.years else _count_all(mind.table.years, mind)), []
    members = _members(query, mind)
    sure = {m.region for m in members if m.certainty is Certainty.CONFIRMED}
    doubtful = {m.region for m in members if m.certainty is Certainty.DISPUTED} - sure
    lines = [mind.says("jumlah_saringan", saringan=filter_words(query, mind), jumlah=len(sure))]
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


def _in_a_row(years: Sequence[int]) -> bool:
    return list(years) == list(range(years[0], years[-1] + 1))


def _count_all(years: Sequence[int], mind: Mind) -> list[str]:
    cohorts = [mind.knowledge.cohorts[year] for year in mind.table.years if year in years]
    detail = ", ".join(f"{c.year}: {c.official_size}" for c in cohorts if c.official_size)
    return [
        mind.says("jumlah_semua", tahun=cohorts[-1].year, jumlah=cohorts[-1].running_total),
        mind.says("jumlah_per_tahun", rincian=detail),
    ]


def _ranking(years: Sequence[int], mind: Mind) -> tuple[list[str], list[Membership]]:
    every = RegionQuery(QueryKind.RANKING, years=tuple(years))
    counts = sorted(mind.table.by_province(years), key=lambda c: (-c.confirmed, c.code))[:RANKED]
    named = [f"{mind.knowledge.regions[c.code].name} ({c.confirmed})" for c in counts if c.confirmed]
    if not named:
        return [_absence_of_cohort(year, mind) for year in years], []
    said = mind.says("peringkat", daftar=enumerate_words(named))
    if years:
        said = mind.says("peringkat_tahun", tahun=enumerate_words(years), daftar=enumerate_words(named))
    return [said, *_incomplete(every, mind)], []


def _without(years: Sequence[int], mind: Mind) -> tuple[list[str], list[Membership]]:
    """The provinces without a row, in these years or at all."""
    if years and all(_no_cohort(year, mind) for year in years):
        return [_absence_of_cohort(year, mind) for year in years], []
    empty = [c.code for c in mind.table.by_province(years) if not c.confirmed and not c.disputed]
    if not empty:
        return [mind.says("provinsi_tanpa_nol")], []
    names = enumerate_words([mind.knowledge.regions[code].name for code in empty])
    said = mind.says("provinsi_tanpa", daftar=names)
    if years:
        said = mind.says("provinsi_tanpa_tahun", tahun=enumerate_words(years), daftar=names)
    return [said, *_maybe_more(years, mind)], []


def _maybe_more(years: Sequence[int], mind: Mind) -> list[str]:
    """That a name missing may only be missing in the table, where the list of a year is partial."""
    partial = [year for year in _years_listed(Listing.PARTIAL, mind) if not years or year in years]
    return [mind.says("provinsi_tanpa_belum_lengkap", tahun=enumerate_words(partial))] if partial else []


def _without_regions(query: RegionQuery, mind: Mind) -> tuple[list[str], list[Membership]]:
    """The kabupaten and kota of some provinces that no row of the table names, in the years asked for or at all."""
    if query.years and all(_no_cohort(year, mind) for year in query.years):
        return [_absence_of_cohort(year, mind) for year in query.years], []
    present = {m.region for m in _members(query, mind)}
    absent = [
        region.full_name
        for code, region in sorted(mind.knowledge.regions.items())
        if region.province in query.provinces
        and region.type in ({query.type} if query.type else {RegionType.REGENCY, RegionType.CITY})
        and code not in present
    ]
    words = filter_words(replace(query, years=()), mind)
    values = {"saringan": words, "tahun": enumerate_words(query.years)} if query.years else {"saringan": words}
    suffix = "_tahun" if query.years else ""
    if not absent:
        return [mind.says(f"kabkota_tanpa_nol{suffix}", **values)], []
    said = mind.says(f"kabkota_tanpa{suffix}", jumlah=len(absent), nama=enumerate_words(absent), **values)
    return [said, *_maybe_more(query.years, mind)], []


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
