"""The bot in a group: it comes and goes, keeps its hours, does not repeat itself, and shows nothing private."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from fake_telegram import ANONYMOUS_ADMIN, BOT, Group, Person, Sent
from running_bot import ANI, BUDI, CITRA, FORUM, GROUP, STAFF, settled
from talking import Talk

from bot.dialogue.mind import Mind
from bot.model import Asker, ChatSettings, Quiet, Zone
from bot.store.store import Store
from handlers import groups

OLD, NEW = Group(-500, "Pokja", type="group"), Group(-100500, "Pokja")
ASKS_BACK = "/tanya apakah malang ikut?"
LAMONGAN_2018 = "/tanya apakah Lamongan masuk 2018?"
GROUP_ID = str(GROUP.id)


@pytest.fixture(autouse=True)
def short_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    """The bot introduces itself after milliseconds."""
    monkeypatch.setattr(groups, "BEFORE_HELLO", 0.05)


PATIENCE = 5.0  # seconds for an introduction that must come; a busy machine takes its time


async def introduction(talk: Talk, patience: float = 0.4) -> Sent | None:
    """What the bot says of itself, if it does within a time that is much longer than it waits."""
    try:
        return await talk.fake.next_message(patience)
    except TimeoutError:
        return None


async def rules(store: Store, settings: ChatSettings, group: Group = GROUP) -> None:
    await store.chats.set(str(group.id), settings, datetime.now(UTC))


# Coming, moving, going


async def test_the_bot_introduces_itself_once(talk: Talk, mind: Mind) -> None:
    """Added, made an admin, removed and added again: one short message, which names how to reach it."""
    talk.fake.adds_bot(ANI, GROUP)
    hello = await introduction(talk, PATIENCE)
    assert hello is not None
    assert (hello.chat, hello.text) == (GROUP.id, mind.says("grup_perkenalan", nama_bot=f"@{BOT['username']}"))
    talk.fake.adds_bot(ANI, GROUP, before="member", after="administrator")
    talk.fake.adds_bot(ANI, GROUP, before="administrator", after="kicked")
    talk.fake.adds_bot(ANI, GROUP, before="kicked")
    assert await introduction(talk) is None


@pytest.mark.parametrize(
    ("group", "before", "after"),
    [
        pytest.param(GROUP, "left", "restricted", id="muted"),
        pytest.param(STAFF, "left", "member", id="staff chat"),
        pytest.param(Group(-1009, "Kanal", type="channel"), "left", "administrator", id="channel"),
    ],
)
async def test_where_it_does_not_introduce_itself(talk: Talk, group: Group, before: str, after: str) -> None:
    talk.fake.adds_bot(ANI, group, before, after)
    assert await introduction(talk) is None


async def test_who_is_removed_at_once_says_nothing(talk: Talk) -> None:
    talk.fake.adds_bot(ANI, GROUP)
    talk.fake.adds_bot(ANI, GROUP, before="member", after="left")
    talk.fake.blocked.add(GROUP.id)
    assert await introduction(talk) is None
    assert talk.fake.times("sendMessage") == 0


@pytest.mark.parametrize("joins_first", [True, False])
async def test_a_group_that_becomes_a_supergroup_keeps_everything(
    talk: Talk, store: Store, mind: Mind, joins_first: bool
) -> None:
    """Settings, region, conversation and a waiting ticket go along; there is no second introduction."""
    talk.fake.adds_bot(ANI, OLD)
    assert await introduction(talk, PATIENCE) is not None
    chosen = ChatSettings(quiet=Quiet(21, 6), full=True)
    await rules(store, chosen, OLD)
    talk.fake.admins[OLD.id] = {BUDI.id}
    await talk.ask("/daerah Kabupaten Lamongan", BUDI, OLD)
    shown = await hand_over(talk, mind, OLD)
    await talk.ask(LAMONGAN_2018, BUDI, OLD)
    talk.fake.upgrades(CITRA, OLD, NEW, joins_first=joins_first)
    assert await introduction(talk) is None
    assert await store.chats.get(str(NEW.id)) == (chosen, "35.24")
    assert "Lamongan" in (await talk.ask("@TanyaSmartCityBot kalau 2019?", BUDI, NEW)).text
    talk.fake.says(CITRA, "Sudah kami cek.", chat=STAFF, reply_to=shown)
    answer, receipt = await talk.fake.next_message(), await talk.fake.next_message()
    assert (answer.chat, receipt.chat) == (NEW.id, STAFF.id)
    assert "Sudah kami cek." in answer.text


async def test_a_group_of_which_only_an_error_tells_that_it_has_moved(talk: Talk, store: Store) -> None:
    """The answer that finds it out takes the settings along."""
    chosen = ChatSettings(quiet=Quiet(21, 6), zone=Zone.WITA)
    await rules(store, chosen, OLD)
    talk.clock.now = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
    talk.fake.migrate(OLD.id, NEW)
    answer = await talk.ask(LAMONGAN_2018, BUDI, OLD)
    assert (answer.chat, answer.reply_to) == (NEW.id, None)
    assert await store.chats.get(str(NEW.id)) == (chosen, None)


async def test_a_staff_chat_that_moves_names_the_remedy(talk: Talk, caplog: pytest.LogCaptureFixture) -> None:
    await talk.silence()  # the bot has started
    talk.fake.upgrades(CITRA, STAFF, NEW)
    await talk.silence()
    assert f"set telegram.staff_chat to {NEW.id}" in caplog.text


async def hand_over(talk: Talk, mind: Mind, group: Group) -> Sent:
    """Somebody in the group asks what only staff know; returns what staff read."""
    offered = await talk.ask("/tanya berapa ambang kelulusan asesmen", BUDI, group)
    await talk.press(offered, mind.says("tombol_petugas"), BUDI)
    return await talk.fake.next_message()


async def test_removal_forgets_what_was_said_and_tells_staff(talk: Talk, store: Store, mind: Mind) -> None:
    shown = await hand_over(talk, mind, GROUP)
    talk.fake.adds_bot(CITRA, GROUP, before="member", after="kicked")
    told = await talk.fake.next_message()
    assert (told.chat, told.text) == (STAFF.id, mind.says("tiket_grup_pergi", nomor="1"))
    assert told.reply_to == shown.message["message_id"]
    assert await store.tickets.unsettled() == ()
    memory = await store.recall(Asker(str(BUDI.id), GROUP_ID, group=True), talk.clock.now, timedelta(hours=1))
    assert memory.context is None


# Hours and topics


@pytest.mark.parametrize(
    ("zone", "silent_at", "awake_at"),
    [
        (Zone.WIB, ("14:00", "22:59"), ("13:59", "23:00")),
        (Zone.WITA, ("13:00", "21:59"), ("12:59", "22:00")),
        (Zone.WIT, ("12:00", "20:59"), ("11:59", "21:00")),
    ],
)
async def test_quiet_hours(
    talk: Talk, store: Store, zone: Zone, silent_at: tuple[str, ...], awake_at: tuple[str, ...]
) -> None:
    """From 21 to 6 by the clock of the group nothing is answered there."""
    await rules(store, ChatSettings(quiet=Quiet(21, 6), zone=zone))
    for utc in (*silent_at, *awake_at):
        talk.clock.now = datetime.fromisoformat(f"2026-11-21T{utc}:00+00:00")
        talk.fake.says(BUDI, "/tanya halo", chat=GROUP)
        talk.fake.says(ANI, "penanda")
        answers = 0
        while (await talk.fake.next_message()).chat != ANI.id:
            answers += 1
        assert answers == (utc in awake_at or utc == silent_at[0]), utc  # the first silence is explained


async def test_one_silent_notice_a_night(talk: Talk, store: Store, mind: Mind) -> None:
    """It does not ring, leads to the private chat, and comes again only the next night; after six all is as before."""
    await rules(store, ChatSettings(quiet=Quiet(21, 6)))
    talk.clock.now = datetime.fromisoformat("2026-11-21T15:00:00+00:00")  # 22.00 WIB
    notice = await talk.ask(LAMONGAN_2018, BUDI, GROUP)
    assert notice.calls["disable_notification"] is True
    assert notice.button(mind.says("tombol_chat_pribadi"))["url"] == f"https://t.me/{BOT['username']}"
    talk.clock.moves(hours=6)  # 04.00 the next day
    await talk.stays_silent("/tanya halo", CITRA, GROUP)
    assert "Lamongan" in (await talk.ask(LAMONGAN_2018, BUDI)).text  # private chats have no quiet hours
    talk.clock.moves(hours=3)
    assert "Lamongan" in (await talk.ask(LAMONGAN_2018, BUDI, GROUP)).text
    talk.clock.moves(hours=15)
    assert (await talk.ask(LAMONGAN_2018, BUDI, GROUP)).text == notice.text


async def test_buttons_rest_in_quiet_hours_too(talk: Talk, store: Store, mind: Mind) -> None:
    asked = await talk.ask(ASKS_BACK, BUDI, GROUP)
    await rules(store, ChatSettings(quiet=Quiet(0, 23)))
    notice = mind.says("grup_jam_tenang", mulai="00.00", selesai="23.00", zona="WIB")
    assert await talk.toast(asked, "Kota Malang", BUDI) == notice


# Not twice within the hour


@pytest.mark.parametrize(("group", "topic"), [(GROUP, None), (FORUM, 7)])
async def test_the_same_answer_is_pointed_to(talk: Talk, mind: Mind, group: Group, topic: int | None) -> None:
    """Whoever asks, in whatever words, gets one line under the answer that is there; after an hour it is told again."""
    first = await talk.ask(LAMONGAN_2018, BUDI, group, topic)
    talk.clock.moves(minutes=59)
    pointer = await talk.ask("/tanya lamongan ikut ga di 2018", CITRA, group, topic)
    assert pointer.text == mind.says("grup_sudah_dijawab", pukul="16.00 WIB")
    assert (pointer.reply_to, pointer.topic, pointer.labels) == (first.message["message_id"], topic, ())
    talk.clock.moves(minutes=2)
    assert (await talk.ask(LAMONGAN_2018, BUDI, group, topic)).text == first.text


async def test_the_hour_is_told_in_the_time_of_the_group(talk: Talk, store: Store, mind: Mind) -> None:
    await store.set_chat_region(GROUP_ID, "91.71", talk.clock.now)
    await talk.ask(LAMONGAN_2018, BUDI, GROUP)
    pointer = await talk.ask(LAMONGAN_2018, CITRA, GROUP)
    assert pointer.text == mind.says("grup_sudah_dijawab", pukul="18.00 WIT")


@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param((LAMONGAN_2018, GROUP, None), (LAMONGAN_2018, FORUM, None), id="another group"),
        pytest.param((LAMONGAN_2018, FORUM, 7), (LAMONGAN_2018, FORUM, 8), id="another topic"),
        pytest.param((LAMONGAN_2018, GROUP, None), (LAMONGAN_2018, None, None), id="private"),
        pytest.param((LAMONGAN_2018, None, None), (LAMONGAN_2018, None, None), id="private twice"),
        pytest.param((LAMONGAN_2018, GROUP, None), ("/tanya Lamongan masuk 2019?", GROUP, None), id="another year"),
        pytest.param(("/tanya halo", GROUP, None), ("/tanya halo", GROUP, None), id="greeting"),
        pytest.param(("/bantuan", GROUP, None), ("/bantuan", GROUP, None), id="help"),
        pytest.param(
            ("/tanya apakah malang ikut?", GROUP, None), ("/tanya apakah malang ikut?", GROUP, None), id="choice"
        ),
    ],
)
async def test_what_is_said_again(
    talk: Talk, mind: Mind, first: tuple[str, Group | None, int | None], second: tuple[str, Group | None, int | None]
) -> None:
    pointed = mind.says("grup_sudah_dijawab", pukul="16.00 WIB")
    for text, group, topic in (first, second):
        assert (await talk.ask(text, BUDI, group, topic)).text != pointed


async def test_an_answer_that_was_deleted_is_told_again(talk: Talk, mind: Mind) -> None:
    """A pointer to nothing is not even shown."""
    first = await talk.ask(LAMONGAN_2018, BUDI, GROUP)
    talk.fake.forget(first)
    talk.fake.expects("sendMessage", "message to be replied not found")
    again = await talk.ask(LAMONGAN_2018, CITRA, GROUP)
    assert (again.text, len(again.labels)) == (first.text, len(first.labels))
    await talk.silence()


async def test_an_answer_by_button_is_pointed_to_as_well(talk: Talk, mind: Mind) -> None:
    asked = await talk.ask(ASKS_BACK, BUDI, GROUP)
    answered = await talk.press(asked, "Kota Malang", BUDI)
    pointer = await talk.press(asked, "Kota Malang", BUDI)
    assert pointer.text == mind.says("grup_sudah_dijawab", pukul="16.00 WIB")
    assert pointer.reply_to == answered.message["message_id"]


# Unasked


SURE = "siapa yang membiayai tenaga ahli?"


@pytest.fixture
async def eager(talk: Talk, store: Store) -> Talk:
    """A group in which the bot may answer unasked."""
    await rules(store, ChatSettings(unasked=True))
    return talk


async def test_a_sure_question_is_answered_unasked(eager: Talk, mind: Mind) -> None:
    question = eager.fake.says(BUDI, SURE, chat=GROUP)
    sent = await eager.fake.next_message()
    assert (sent.chat, sent.reply_to) == (GROUP.id, question["message_id"])
    assert mind.says("tombol_selengkapnya") in sent.labels or "tenaga ahli" in sent.text.casefold()


async def test_off_by_default(talk: Talk) -> None:
    await talk.stays_silent(SURE, BUDI, GROUP)


async def test_at_most_once_a_minute(eager: Talk) -> None:
    await eager.ask(SURE, BUDI, GROUP)
    eager.clock.moves(seconds=59)
    await eager.stays_silent("apa itu indeks kota hijau?", CITRA, GROUP)
    await eager.ask("/tanya apa itu indeks kota hijau?", CITRA, GROUP)  # who asks the bot does not wait
    eager.clock.moves(seconds=1)
    await eager.ask("smart province itu apa?", CITRA, GROUP)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("rapat pokja besok jam 9 di aula", id="no question"),
        pytest.param("tenaga ahli dibiayai kementerian", id="a statement"),
        pytest.param("jam berapa rapatnya?", id="another matter"),
        pytest.param("syaratnya apa aja ya kak, kami baru mau daftar", id="not sure enough"),
        pytest.param("kalau 2019?", id="leans on what was said before"),
        pytest.param("apakah Lamongan masuk 2018?", id="a row of the table"),
        pytest.param("halo apa kabar?", id="greeting"),
        pytest.param(f"@citra {SURE}", id="to somebody else"),
        pytest.param(f"/tanya@OtherBot {SURE}", id="to another bot"),
    ],
)
async def test_what_is_left_alone(eager: Talk, text: str) -> None:
    await eager.stays_silent(text, BUDI, GROUP)


async def test_replies_and_forwards_are_left_alone(eager: Talk) -> None:
    said = await eager.stays_silent("bagaimana menurut Bapak", BUDI, GROUP)
    await eager.stays_silent(SURE, CITRA, GROUP, reply_to=said)
    origin = {"type": "hidden_user", "date": 0, "sender_user_name": "Seseorang"}
    await eager.stays_silent(SURE, CITRA, GROUP, forward_origin=origin)


async def test_unasked_it_keeps_hours_and_topics(talk: Talk, store: Store) -> None:
    await rules(store, ChatSettings((("7", "Seleksi"),), unasked=True), FORUM)
    await talk.stays_silent(SURE, BUDI, FORUM, topic=8)
    await talk.ask(SURE, BUDI, FORUM, 7)
    talk.clock.moves(minutes=5)
    await rules(store, ChatSettings(quiet=Quiet(0, 23), unasked=True), FORUM)
    await talk.stays_silent("apa itu indeks kota hijau?", BUDI, FORUM, topic=7)


# Nothing private


async def test_nobodys_own_region_shows_in_a_group(talk: Talk, mind: Mind) -> None:
    """ "Daerah saya" in a group is the group's region, or it is asked for: never that of the person."""
    await talk.ask("daerah saya Kabupaten Siak", BUDI)
    assert "Siak" in (await talk.ask("/daerah", BUDI)).text
    for question in ("/tanya daerah saya ikut tahun berapa?", "/daerah", "/start@TanyaSmartCityBot"):
        assert "Kabupaten Siak tercatat" not in (await talk.ask(question, BUDI, GROUP)).text
    talk.fake.admins[GROUP.id] = {CITRA.id}
    await talk.ask("/daerah Kabupaten Lamongan", CITRA, GROUP)
    in_group = await talk.ask("/tanya daerah saya ikut tahun berapa?", BUDI, GROUP)
    assert "Lamongan" in in_group.text
    assert "Siak" not in in_group.text
    assert "Siak" in (await talk.ask("daerah saya ikut tahun berapa?", BUDI)).text


async def test_a_member_s_region_is_for_that_member_s_questions(talk: Talk, store: Store, mind: Mind) -> None:
    """What somebody answers to "daerah mana?" holds for them, and changes nothing for the group."""
    asked = await talk.ask("/tanya daerah saya ikut tahun berapa?", BUDI, GROUP)
    assert asked.text == mind.says("daerah_grup_apa")
    told = await talk.ask("Kabupaten Lamongan", BUDI, GROUP, reply_to=asked)
    assert told.text.startswith(mind.says("daerah_grup_percakapan", daerah="Kabupaten Lamongan"))
    assert await store.chats.get(GROUP_ID) == (ChatSettings(), None)
    assert (await talk.ask("/daerah", BUDI, GROUP)).text == mind.says("daerah_grup_belum")
    assert "Lamongan" in (await talk.ask("/tanya daerah saya ikut tahun berapa?", BUDI, GROUP)).text
    assert (await talk.ask("/tanya daerah saya ikut tahun berapa?", CITRA, GROUP)).text == asked.text


async def test_a_greeting_asks_nobody_in_public_for_their_region(talk: Talk, mind: Mind) -> None:
    assert (await talk.ask("/start@TanyaSmartCityBot", BUDI, GROUP)).text == mind.says("mulai").replace("*", "")
    assert mind.says("mulai_tanya_daerah") in (await talk.ask("/start", BUDI)).text


async def test_who_may_set_the_region_of_a_group(talk: Talk, store: Store, mind: Mind) -> None:
    """Admins, also anonymous ones; a member is told whom to ask, and where their own region is kept."""
    talk.fake.admins[GROUP.id] = {CITRA.id}
    refused = await talk.ask("/daerah Kabupaten Siak", BUDI, GROUP)
    assert refused.text == mind.says("daerah_grup_pengurus", tautan=f"https://t.me/{BOT['username']}?start=daerah")
    assert (await store.chats.get(GROUP_ID))[1] is None
    await talk.ask("/daerah Kabupaten Siak", CITRA, GROUP)
    assert (await store.chats.get(GROUP_ID))[1] == "14.08"
    anonymous = Person(ANONYMOUS_ADMIN, "Group", is_bot=True)
    await talk.ask("/daerah Kabupaten Lamongan", anonymous, GROUP, sender_chat=GROUP.chat)
    assert (await store.chats.get(GROUP_ID))[1] == "35.24"
    assert mind.says("daerah_grup_kini", daerah="Kabupaten Lamongan") in (await talk.ask("/daerah", BUDI, GROUP)).text
    shown = await talk.ask("/daerah", CITRA, GROUP)
    assert mind.says("daerah_hapus") not in shown.labels


async def test_the_link_of_the_refusal_asks_for_one_s_own_region(talk: Talk, mind: Mind) -> None:
    assert (await talk.ask("/start daerah", BUDI)).text == mind.says("daerah_belum")


async def test_a_choice_belongs_to_whoever_asked(talk: Talk, mind: Mind) -> None:
    asked = await talk.ask(ASKS_BACK, BUDI, GROUP)
    assert await talk.toast(asked, "Kota Malang", CITRA) == mind.says("tombol_orang_lain")
    assert "Kota Malang" in (await talk.press(asked, "Kota Malang", BUDI)).text


async def test_lists_and_related_questions_are_everybodys(talk: Talk, mind: Mind) -> None:
    listed = await talk.ask("/tanya daftar peserta 2018", BUDI, GROUP)
    turned = await talk.turn(listed, mind.says("tombol_berikutnya"), CITRA)
    assert mind.says("halaman", halaman="2", semua="2") in turned.text
    entry = next(e for e in mind.knowledge.entries.values() if e.related)
    told = await talk.ask(f"/tanya {entry.utterances[0]}", BUDI, GROUP)
    related = mind.knowledge.entries[entry.related[0]]
    assert (await talk.press(told, related.title, CITRA)).text


async def test_many_groups_at_once_keep_to_themselves(talk: Talk, store: Store) -> None:
    """The settings of one group are not those of another."""
    places = [Group(-2000 - number, f"Pokja {number}") for number in range(5)]
    for number, group in enumerate(places):
        if number % 2:
            await rules(store, ChatSettings(quiet=Quiet(0, 23)), group)
    for group in places:
        talk.fake.says(BUDI, LAMONGAN_2018, chat=group)
    sent = [await talk.fake.next_message() for _ in places]
    assert [("Lamongan" in message.text) for message in sent] == [number % 2 == 0 for number in range(5)]


# Edited questions


async def test_an_edited_question_edits_its_answer(talk: Talk) -> None:
    """In the same message, also after a restart of the conversation, while the bot is still addressed."""
    asked = talk.fake.says(BUDI, "/tanya apakah Kabupaten Lahat masuk 2018?", chat=GROUP)
    answer = await talk.fake.next_message()
    await settled(talk.store)
    talk.fake.edits(asked, LAMONGAN_2018)
    edited = await talk.fake.next_edit()
    assert (edited.message["message_id"], "Lamongan" in edited.text) == (answer.message["message_id"], True)
    await talk.silence()


async def test_the_group_is_pointed_to_what_an_answer_says_now(talk: Talk, mind: Mind) -> None:
    """Not to what stood there before the edit."""
    asked = talk.fake.says(BUDI, "/tanya apakah Kabupaten Lahat masuk 2018?", chat=GROUP)
    answer = await talk.fake.next_message()
    await settled(talk.store)
    talk.fake.edits(asked, LAMONGAN_2018)
    await talk.fake.next_edit()
    await settled(talk.store)
    pointer = await talk.ask(LAMONGAN_2018, CITRA, GROUP)
    assert pointer.text == mind.says("grup_sudah_dijawab", pukul="16.00 WIB")
    assert pointer.reply_to == answer.message["message_id"]
    told = await talk.ask("/tanya apakah Kabupaten Lahat masuk 2018?", CITRA, GROUP)
    assert "Lahat" in told.text


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("kami rapat dulu", LAMONGAN_2018, id="was not meant for the bot"),
        pytest.param(LAMONGAN_2018, "sudah jelas, terima kasih", id="is not meant for the bot any more"),
        pytest.param(LAMONGAN_2018, "/pengaturan", id="now the settings"),
    ],
)
async def test_an_edit_that_changes_nothing(talk: Talk, before: str, after: str) -> None:
    asked = talk.fake.says(BUDI, before, chat=GROUP)
    await talk.everything()
    talk.fake.edits(asked, after)
    await talk.silence()
    assert talk.fake.times("editMessageText") == 0


async def test_an_edit_in_quiet_hours(talk: Talk, store: Store) -> None:
    asked = talk.fake.says(BUDI, LAMONGAN_2018, chat=GROUP)
    await talk.everything()
    await rules(store, ChatSettings(quiet=Quiet(0, 23)))
    talk.fake.edits(asked, "/tanya apakah Kabupaten Lahat masuk 2018?")
    await talk.silence()
    assert talk.fake.times("editMessageText") == 0
