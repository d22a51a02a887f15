"""The settings of a group: who may change them, what each one does, and that they stay."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from fake_telegram import ANONYMOUS_ADMIN, BOT, FakeTelegram, Group, Person, Sent
from running_bot import BUDI, CITRA, FORUM, GROUP
from talking import Talk

from bot.chats import Chats
from bot.dialogue.mind import Mind
from bot.model import ChatSettings, GroupRules, Quiet, Zone
from bot.store.store import Store
from handlers.chat_settings import Menu, Step, draw, step_in

COMMAND = "/pengaturan@TanyaSmartCityBot"
AS_GROUP = Person(ANONYMOUS_ADMIN, "Group", is_bot=True)


@pytest.fixture(autouse=True)
def citra_is_admin(fake: FakeTelegram) -> None:
    """One admin in every group; the others are members."""
    for group in (GROUP, FORUM):
        fake.admins[group.id] = {CITRA.id}


async def menu(talk: Talk, group: Group = GROUP, topic: int | None = None) -> Sent:
    return await talk.ask(COMMAND, CITRA, group, topic)


async def settings_of(store: Store, group: Group = GROUP) -> ChatSettings:
    return (await store.chats.get(str(group.id)))[0]


def buttons(mind: Mind, *keys: str) -> tuple[str, ...]:
    return tuple(mind.says(f"tombol_atur_{key}") for key in keys)


# Who may


@pytest.mark.parametrize("text", [COMMAND, "/pengaturan", "/PENGATURAN@tanyasmartcitybot"])
async def test_an_admin_opens_the_menu(talk: Talk, mind: Mind, text: str) -> None:
    opened = await talk.ask(text, CITRA, GROUP)
    assert opened.text.startswith(mind.says("atur_judul").strip("*"))
    assert opened.labels == buttons(mind, "daerah", "jam", "lengkap", "selesai")


async def test_an_anonymous_admin_opens_it_and_presses_under_their_own_name(talk: Talk, mind: Mind) -> None:
    """The group itself speaks; who presses a button is always known to Telegram."""
    opened = await talk.ask(COMMAND, AS_GROUP, GROUP, sender_chat=GROUP.chat)
    assert opened.labels
    assert (await talk.turn(opened, mind.says("tombol_atur_lengkap"), CITRA)).text != opened.text


@pytest.mark.parametrize(
    ("person", "more"),
    [
        pytest.param(BUDI, {}, id="member"),
        pytest.param(Person(105, "Orang lain"), {}, id="stranger"),
        pytest.param(
            Person(136817688, "Channel", is_bot=True),
            {"sender_chat": {"id": -1009, "type": "channel", "title": "Kanal"}},
            id="in the name of a channel",
        ),
    ],
)
async def test_nobody_else_opens_it(
    talk: Talk, fake: FakeTelegram, mind: Mind, person: Person, more: dict[str, object]
) -> None:
    fake.strangers.add(105)
    if person.id in fake.strangers:
        fake.expects("getChatMember", "PARTICIPANT_ID_INVALID")
    sent = await talk.ask(COMMAND, person, GROUP, **more)
    assert (sent.text, sent.labels) == (mind.says("atur_bukan_pengurus"), ())


async def test_who_is_admin_elsewhere_is_a_member_here(talk: Talk, fake: FakeTelegram, mind: Mind) -> None:
    fake.admins[GROUP.id] = {BUDI.id}
    assert (await menu(talk)).text == mind.says("atur_bukan_pengurus")


async def test_a_member_presses_in_vain(talk: Talk, store: Store, mind: Mind) -> None:
    """Rights are checked at the press, so an admin who is none any more can't change anything either."""
    opened = await menu(talk)
    assert await talk.toast(opened, mind.says("tombol_atur_lengkap"), BUDI) == mind.says("atur_bukan_pengurus")
    talk.fake.admins[GROUP.id] = set()
    assert await talk.toast(opened, mind.says("tombol_atur_lengkap"), CITRA) == mind.says("atur_bukan_pengurus")
    assert await settings_of(store) == ChatSettings()


@pytest.mark.parametrize("data", ["s:D:99.99", "s:J:99:x", "s:Z:GMT", "s:T:+", "s:::::", "s:Q"])
async def test_a_forged_button_changes_nothing(talk: Talk, store: Store, mind: Mind, data: str) -> None:
    opened = await menu(talk)
    talk.fake.presses(CITRA, opened, opened.labels[0], data=data)
    await talk.silence()
    assert talk.toasts() == [mind.says("tombol_kedaluwarsa")]
    assert await settings_of(store) == ChatSettings()


async def test_another_bots_command_is_not_ours(talk: Talk) -> None:
    await talk.stays_silent("/pengaturan@OtherBot", CITRA, GROUP)


# What can be set


async def test_region_by_buttons(talk: Talk, mind: Mind) -> None:
    """Province, then kabupaten; the group's region answers "daerah kami" for everybody there."""
    provinces = await talk.turn(await menu(talk), mind.says("tombol_atur_daerah"), CITRA)
    assert len(provinces.labels) == 38 + 1
    regions = await talk.turn(provinces, "Jawa Timur", CITRA)
    assert "Kabupaten Lamongan" in regions.labels
    chosen = await talk.turn(regions, "Kabupaten Lamongan", CITRA)
    assert mind.says("atur_daerah", isi="Kabupaten Lamongan") in chosen.text
    asked = await talk.ask("/tanya daerah kami ikut tahun berapa?", BUDI, GROUP)
    assert "Lamongan" in asked.text
    provinces = await talk.turn(chosen, mind.says("tombol_atur_daerah"), CITRA)
    forgotten = await talk.turn(provinces, mind.says("tombol_atur_hapus_daerah"), CITRA)
    assert mind.says("atur_daerah", isi=mind.says("atur_belum")) in forgotten.text


async def test_every_page_leads_back(talk: Talk, mind: Mind) -> None:
    opened = await menu(talk)
    for label in buttons(mind, "daerah", "jam"):
        page = await talk.turn(opened, label, CITRA)
        opened = await talk.turn(page, mind.says("tombol_atur_kembali"), CITRA)
        assert opened.labels == buttons(mind, "daerah", "jam", "lengkap", "selesai")


@pytest.mark.parametrize(
    ("region", "zone"), [("11.01", Zone.WIB), ("51.01", Zone.WITA), ("91.71", Zone.WIT), ("35.24", Zone.WIB)]
)
async def test_quiet_hours_have_the_time_of_the_region(
    talk: Talk, store: Store, mind: Mind, region: str, zone: Zone
) -> None:
    await store.set_chat_region(str(GROUP.id), region, talk.clock.now)
    starts = await talk.turn(await menu(talk), mind.says("tombol_atur_jam"), CITRA)
    assert starts.text == mind.says("atur_jam_mulai", zona=zone)
    ends = await talk.turn(starts, "21.00", CITRA)
    assert ends.text == mind.says("atur_jam_selesai", mulai="21.00", zona=zone)
    chosen = await talk.turn(ends, "06.00", CITRA)
    assert f"21.00-06.00 {zone}" in chosen.text
    assert (await settings_of(store)).quiet == Quiet(21, 6)


async def test_without_a_region_the_time_is_asked_for(talk: Talk, store: Store, mind: Mind) -> None:
    zones = await talk.turn(await menu(talk), mind.says("tombol_atur_jam"), CITRA)
    assert zones.labels == ("WIB", "WITA", "WIT", mind.says("tombol_atur_kembali"))
    starts = await talk.turn(zones, "WIT", CITRA)
    assert starts.text == mind.says("atur_jam_mulai", zona="WIT")
    ends = await talk.turn(starts, "22.00", CITRA)
    chosen = await talk.turn(ends, "05.00", CITRA)
    assert "22.00-05.00 WIT" in chosen.text
    assert await settings_of(store) == ChatSettings(quiet=Quiet(22, 5), zone=Zone.WIT)
    starts = await talk.turn(chosen, mind.says("tombol_atur_jam"), CITRA)
    await talk.turn(starts, mind.says("tombol_atur_tanpa_jam"), CITRA)
    assert (await settings_of(store)).quiet is None


async def test_short_and_whole_answers(talk: Talk, mind: Mind) -> None:
    """A short answer opens the whole one in private; an admin can have it whole in the group."""
    entry = next(e for e in mind.knowledge.entries.values() if e.short and not e.variants)
    opened = await menu(talk)
    brief = await talk.ask(f"/tanya {entry.utterances[0]}", BUDI, GROUP)
    assert brief.text.startswith(entry.short[:40].replace("*", ""))
    more = brief.button(mind.says("tombol_selengkapnya"))
    assert more["url"] == f"https://t.me/{BOT['username']}?start={entry.id}"
    await talk.turn(opened, mind.says("tombol_atur_lengkap"), CITRA)
    talk.clock.moves(hours=2)
    whole = await talk.ask(f"/tanya {entry.utterances[0]}", BUDI, GROUP)
    assert whole.text.startswith(entry.answer[:40].replace("*", ""))
    assert mind.says("tombol_selengkapnya") not in whole.labels
    assert (await talk.ask(f"/start {entry.id}", BUDI)).text.startswith(entry.answer[:40].replace("*", ""))


async def test_topics(talk: Talk, store: Store, mind: Mind) -> None:
    """The bot speaks only in the topics where an admin let it, each chosen where it is."""
    opening = {"message_id": 7, "date": 0, "chat": FORUM.chat, "from": BOT, "message_thread_id": 7}
    opening |= {"is_topic_message": True, "forum_topic_created": {"name": "Seleksi", "icon_color": 0}}
    opened = await talk.ask(COMMAND, CITRA, FORUM, 7, reply_to_message=opening)
    chosen = await talk.turn(opened, mind.says("tombol_atur_hanya_topik_ini"), CITRA)
    assert mind.says("atur_topik", isi="Seleksi") in chosen.text
    await talk.stays_silent("/tanya halo", BUDI, FORUM, topic=8)
    await talk.stays_silent("/tanya halo", BUDI, FORUM)
    assert (await talk.ask("/tanya halo", BUDI, FORUM, 7)).topic == 7
    general = await menu(talk, FORUM)
    both = await talk.turn(general, mind.says("tombol_atur_tambah_topik"), CITRA)
    assert mind.says("atur_topik", isi=f"Seleksi, {mind.says('atur_topik_umum')}") in both.text
    assert (await talk.ask("/tanya halo", BUDI, FORUM)).topic is None
    left = await talk.turn(both, mind.says("tombol_atur_lepas_topik"), CITRA)
    assert (await settings_of(store, FORUM)).topics == (("7", "Seleksi"),)
    everywhere = await talk.turn(left, mind.says("tombol_atur_semua_topik"), CITRA)
    assert mind.says("atur_topik", isi=mind.says("atur_semua")) in everywhere.text
    assert (await talk.ask("/tanya halo", BUDI, FORUM, 8)).topic == 8


async def test_a_group_without_topics_is_not_asked_for_them(talk: Talk, mind: Mind) -> None:
    opened = await menu(talk)
    assert mind.says("tombol_atur_hanya_topik_ini") not in opened.labels
    assert mind.says("tombol_atur_hanya_topik_ini") in (await menu(talk, FORUM)).labels


async def test_speaking_unasked_needs_a_bot_that_reads_along(talk: Talk, store: Store, mind: Mind) -> None:
    """With privacy mode on it is offered only where the bot is an admin, who always reads everything."""
    assert mind.says("tombol_atur_spontan") not in (await menu(talk)).labels
    talk.fake.admins[GROUP.id].add(BOT["id"])
    opened = await menu(talk)
    on = await talk.turn(opened, mind.says("tombol_atur_spontan"), CITRA)
    assert mind.says("atur_spontan", isi=mind.says("atur_ya")) in on.text
    assert (await settings_of(store)).unasked
    await talk.turn(on, mind.says("tombol_atur_tidak_spontan"), CITRA)
    assert not (await settings_of(store)).unasked


async def test_done(talk: Talk, mind: Mind) -> None:
    opened = await menu(talk)
    done = await talk.turn(opened, mind.says("tombol_atur_selesai"), CITRA)
    assert (done.text, done.labels) == (opened.text, ())


async def test_the_menu_survives_a_silent_group(talk: Talk, store: Store, mind: Mind) -> None:
    """In quiet hours, and in a topic where the bot does not speak, admins still reach the settings."""
    await store.chats.set(str(FORUM.id), ChatSettings((), Quiet(0, 23), Zone.WIB), datetime.now(UTC))
    assert (await menu(talk, FORUM, 7)).labels


def test_every_page_fits_telegram(mind: Mind, store: Store) -> None:
    """No province has too many kabupaten for one keyboard, and no step is too long for a button."""
    chats = Chats(store, lambda: mind)
    menu = Menu(mind.says, chats, GroupRules(), None, reads_all=True)
    for province in chats.provinces():
        keyboard = draw(Step("d", province.code), menu).keyboard
        assert keyboard is not None
        pressed = [str(button.callback_data) for row in keyboard.inline_keyboard for button in row]
        assert len(pressed) == len(chats.regions_of(province.code)) + 1 <= 100
        assert all(len(data.encode()) <= 64 for data in pressed)
        assert {step_in(data).door for data in pressed} == {"D", ""}
