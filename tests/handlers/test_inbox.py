"""The queue of updates: nothing stands in it that is not kept."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from fake_telegram import FakeTelegram
from running_bot import ANI, BUDI, CITRA, FORUM, GROUP, NOW, STAFF, Echo, application, running
from telegram import Update
from telegram.error import TelegramError

from bot.mail import State
from bot.store.store import Store
from handlers.inbox import StoredUpdates, received
from handlers.parsing import parsed


@pytest.fixture
async def queue(store: Store) -> AsyncIterator[StoredUpdates]:
    return StoredUpdates(store.inbox, lambda: NOW)


def update(number: int, text: str = "halo") -> Update:
    chat = {"id": 101, "type": "private"}
    message = {"message_id": number, "date": 0, "chat": chat, "from": ANI.user, "text": text}
    return parsed({"update_id": number, "message": message})


async def test_an_update_is_kept_and_passed_on(queue: StoredUpdates, store: Store) -> None:
    await queue.put(update(1))
    assert [json.loads(raw)["update_id"] for raw in await store.inbox.waiting()] == [1]
    assert queue.get_nowait() == update(1)


async def test_one_that_comes_twice_is_passed_on_once(queue: StoredUpdates) -> None:
    for _ in range(2):
        await queue.put(update(1))
    assert queue.qsize() == 1


async def test_what_is_no_update_goes_straight_through(queue: StoredUpdates, store: Store) -> None:
    """Errors and the signal to stop travel the same way."""
    signal = object()
    await queue.put(signal)
    assert queue.get_nowait() is signal
    assert await store.inbox.waiting() == ()


async def test_an_inline_query_leaves_no_trace(queue: StoredUpdates, store: Store) -> None:
    query = {"id": "1", "from": ANI.user, "query": "syarat", "offset": ""}
    await queue.put(parsed({"update_id": 1, "inline_query": query}))
    assert queue.qsize() == 1
    assert (await store.ledger.overview()).states == {}


UNREADABLE = {
    "not what it should be": {"update_id": 1, "message": "?"},
    "a field that is missing": {"update_id": 1, "message": {"message_id": 1}},
    "a kind that nobody knows": {"update_id": 1},
}


@pytest.mark.parametrize("raw", UNREADABLE.values(), ids=UNREADABLE)
async def test_what_can_not_be_read_is_set_aside(
    queue: StoredUpdates, store: Store, caplog: pytest.LogCaptureFixture, raw: dict[str, Any]
) -> None:
    """Its number is known, so that it does not come again, and the log has nothing else of it."""
    await queue.put(parsed(raw | ({"message": raw["message"]} if "message" in raw else {})))
    assert queue.empty()
    assert (await store.ledger.overview()).states == {State.NOTHING: 1}
    assert await store.inbox.waiting() == ()
    assert "message_id" not in caplog.text


async def test_a_new_run_takes_up_what_waits(queue: StoredUpdates, store: Store, fake: FakeTelegram) -> None:
    for number in (1, 2):
        await queue.put(update(number))
    queue.clear()
    assert queue.empty()
    app = await application(fake.base_url, Echo(), fake.token, store=store)
    again = StoredUpdates(store.inbox, lambda: NOW)
    assert await again.restore(app.bot) == 2
    assert [again.get_nowait() for _ in range(2)] == [update(1), update(2)]


async def test_a_locked_database_is_waited_for(tmp_path: Path) -> None:
    """Another program holds it for two seconds: the update is kept, only later."""
    store = await Store.open(f"sqlite+aiosqlite:///{tmp_path}/bot.db")
    queue = StoredUpdates(store.inbox, lambda: NOW)
    with closing(sqlite3.connect(tmp_path / "bot.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        putting = asyncio.create_task(queue.put(update(1)))
        await asyncio.sleep(2)
        assert not putting.done()
        other.execute("ROLLBACK")
        await asyncio.wait_for(putting, 5)
    assert queue.qsize() == len(await store.inbox.waiting()) == 1
    await store.close()


async def test_where_it_can_not_be_kept_telegram_has_to_come_again(tmp_path: Path) -> None:
    """By the only error that does not end the polling."""
    store = await Store.open(f"sqlite+aiosqlite:///{tmp_path}/bot.db?timeout=0.05")
    queue = StoredUpdates(store.inbox, lambda: NOW)
    with closing(sqlite3.connect(tmp_path / "bot.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(TelegramError):
            await queue.put(update(1))
    assert queue.empty()
    await queue.put(update(1))
    assert queue.qsize() == 1
    await store.close()


async def test_an_update_that_telegram_brings_again_is_answered_once(fake: FakeTelegram, store: Store) -> None:
    async with running(await application(fake.base_url, Echo(), fake.token, store=store)):
        fake.says(ANI, "a")
        (raw,) = fake._pending
        assert (await fake.next_message()).text == "ask: a"
        fake._pending.append(raw | {"update_id": raw["update_id"]})
        fake.says(BUDI, "penanda")
        assert (await fake.next_message()).chat == BUDI.id
        assert fake.unread() == 0


async def test_one_that_can_not_be_read_blocks_no_other(
    fake: FakeTelegram, store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    """python-telegram-bot alone would ask for the same updates again and again."""
    async with running(await application(fake.base_url, Echo(), fake.token, store=store)):
        fake._pending.append({"update_id": next(fake._update_ids), "message": {"text": "rahasia"}})
        fake.says(ANI, "a")
        assert (await fake.next_message()).text == "ask: a"
    assert "is set aside" in caplog.text
    assert "rahasia" not in caplog.text


# Nothing is lost between the two forms of an update


def everything(fake: FakeTelegram) -> list[dict[str, Any]]:
    """One update of every kind that the tests know."""
    photo = [{"file_id": "p", "file_unique_id": "p", "width": 1, "height": 1}]
    origin = {"type": "hidden_user", "date": 5, "sender_user_name": "Seseorang"}
    channel = {"id": -100777, "type": "channel", "title": "Kanal"}
    said = fake.says(ANI, "apa syaratnya? https://a.id a@b.id /tanya @TanyaSmartCityBot 😀")
    fake.says(BUDI, "/tanya lagi", chat=FORUM, topic=7, reply_to=None)
    fake.says(BUDI, "balas", chat=GROUP, reply_to=said | {"chat": GROUP.chat})
    fake.says(CITRA, photo=photo, caption="gambar", media_group_id="1")
    fake.says(CITRA, "teruskan", forward_origin=origin)
    fake.says(CITRA, "kanal", chat=GROUP, sender_chat=channel)
    fake.says(CITRA, pinned_message={"message_id": 1, "date": 0, "chat": CITRA.chat})
    fake.says(CITRA, voice={"file_id": "v", "file_unique_id": "v", "duration": 3})
    fake.says(CITRA, location={"latitude": -7.1, "longitude": 112.4})
    fake.edits(said, "lain")
    fake.adds_bot(ANI, GROUP)
    fake.adds_bot(ANI, GROUP, before="member", after="restricted")
    fake.adds_bot(ANI, GROUP, before="restricted", after="kicked")
    fake.upgrades(CITRA, STAFF, GROUP)
    query = {"id": "1", "from": ANI.user, "chat_instance": "1", "data": "e:a"}
    keyboard = {"inline_keyboard": [[{"text": "A", "callback_data": "e:a"}, {"text": "B", "copy_text": {"text": "b"}}]]}
    fake.pushes("callback_query", query | {"message": said | {"reply_markup": keyboard}})
    fake.pushes("callback_query", query | {"message": {"message_id": 1, "date": 0, "chat": ANI.chat}})
    fake.pushes("callback_query", query | {"inline_message_id": "7"})
    return list(fake._pending)


async def test_an_update_comes_back_as_it_was(fake: FakeTelegram) -> None:
    for raw in everything(fake):
        came = parsed(raw)
        again = parsed(json.loads(received(came).raw))
        assert (again.to_dict(), again.effective_message) == (came.to_dict(), came.effective_message), raw


@pytest.mark.parametrize("content", [{"text": "a\ud83d"}, {"message_id": 2**70}], ids=["half a character", "a number"])
async def test_what_no_database_can_keep_is_set_aside(
    queue: StoredUpdates, store: Store, content: dict[str, Any]
) -> None:
    """Otherwise Telegram would bring it for ever, and nothing that comes after it."""
    raw = update(1).to_dict()
    await queue.put(parsed(raw | {"message": raw["message"] | content}))
    await queue.put(update(2))
    assert queue.get_nowait() == update(2)
    assert (await store.ledger.overview()).states == {State.NOTHING: 1, State.WAITING: 1}
