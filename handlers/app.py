"""Puts the handlers together and runs them, by polling or behind a webhook."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import Callable, Collection, Coroutine, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import Any

from telegram import Message, Update
from telegram.error import Conflict, InvalidToken, TelegramError
from telegram.ext import (
    ApplicationBuilder,
    CallbackQueryHandler,
    ChatMemberHandler,
    CommandHandler,
    InlineQueryHandler,
    MessageHandler,
    filters,
)

from bot.errors import OperatorError
from handlers import buttons, chat_settings, explaining, groups, inline, private, profile, reloading, staff
from handlers.context import SERVICES, App, Assistant, Explain, Reloader, Services, from_person
from handlers.errors import describe, keep_logs_discreet, on_error
from handlers.settings import TelegramSettings, WebhookSettings

log = logging.getLogger(__name__)

UPDATES = (
    Update.MESSAGE,
    Update.EDITED_MESSAGE,
    Update.CALLBACK_QUERY,
    Update.INLINE_QUERY,
    Update.MY_CHAT_MEMBER,
)
"""What we ask Telegram for; what is not named here never comes. ``my_chat_member`` tells which groups the bot is added
to and removed from."""

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0
"""Seconds between tries to reach Telegram at the start; the pause doubles."""

POLLING_TASK = "Updater:start_polling:polling_task"
"""What python-telegram-bot calls its polling task; it may end by itself, and nothing else tells us."""


class _FromPerson(filters.MessageFilter):
    def filter(self, message: Message) -> bool:
        return from_person(message)


def build(
    token: str,
    assistant: Assistant,
    *,
    base_url: str = "https://api.telegram.org/bot",
    staff_chat: int | None = None,
    admins: Collection[int] = (),
    reloader: Reloader | None = None,
    explain: Explain | None = None,
    now: Callable[[], datetime],
) -> App:
    """Makes the Telegram application; nothing is sent yet.

    ``base_url`` is the Bot API's address up to the token; ``staff_chat`` the id of the chat where tickets are answered;
    ``admins`` are the ids of people who may do what staff may; ``reloader`` keeps the assistant up to date;
    ``explain`` tells them why a question is answered as it is.
    ``now`` tells the time with its zone. Updates are handled one after the other, so that a chat keeps its order.
    """
    keep_logs_discreet()
    app: App = ApplicationBuilder().token(token).base_url(base_url).job_queue(None).build()
    app.bot_data[SERVICES] = Services(assistant, staff_chat, now, reloader=reloader, explain=explain)
    told = filters.UpdateType.MESSAGE & ~filters.StatusUpdate.ALL & _FromPerson()
    edited = filters.UpdateType.EDITED_MESSAGE & _FromPerson()
    app.add_handler(CallbackQueryHandler(chat_settings.on_press, pattern=f"^{chat_settings.PREFIX}"))
    app.add_handler(CallbackQueryHandler(buttons.on_press))
    app.add_handler(ChatMemberHandler(groups.on_membership, ChatMemberHandler.MY_CHAT_MEMBER))
    app.add_handler(MessageHandler(filters.StatusUpdate.MIGRATE, groups.on_migration))
    app.add_handler(InlineQueryHandler(inline.on_query))
    by_staff = filters.User(admins) | filters.Chat(() if staff_chat is None else staff_chat)
    if explain is not None:
        app.add_handler(CommandHandler(explaining.COMMAND, explaining.on_command, told & by_staff))
    if reloader is not None:
        app.add_handler(CommandHandler(reloading.COMMAND, reloading.on_command, told & by_staff))
    if staff_chat is not None:
        app.add_handler(MessageHandler(told & filters.Chat(staff_chat), staff.on_message))
    app.add_handler(MessageHandler(told & filters.ChatType.PRIVATE, private.on_message))
    app.add_handler(MessageHandler(edited & filters.ChatType.PRIVATE, private.on_edit))
    app.add_handler(MessageHandler(told & filters.ChatType.GROUPS, groups.on_message))
    app.add_error_handler(on_error)
    return app


async def serve(
    assistant: Assistant,
    token: str,
    settings: TelegramSettings,
    now: Callable[[], datetime],
    reloader: Reloader | None = None,
    *,
    explain: Explain | None = None,
) -> None:
    """Builds the application as ``settings`` say and runs it; see ``build`` and ``run``."""
    app = build(
        token,
        assistant,
        base_url=settings.base_url,
        staff_chat=settings.staff_chat,
        admins=settings.admins,
        reloader=reloader,
        explain=explain,
        now=now,
    )
    await run(app, settings.webhook if settings.mode == "webhook" else None)


async def run(app: App, webhook: WebhookSettings | None = None, stop: asyncio.Event | None = None) -> None:
    """Runs the bot until SIGINT or SIGTERM, or until ``stop`` is set; without ``webhook`` by polling.

    Waits for a Telegram that can't be reached yet. What was received is answered before it returns.
    Raises ``OperatorError`` when Telegram rejects the token, or when the webhook is not set up completely.
    """
    stop = stop or asyncio.Event()
    with _signals(stop):
        try:
            if await _unless(stop, _connect(app)):
                await app.start()
                if await _unless(stop, _receive(app, webhook)):
                    log.info("@%s is listening, by %s", app.bot.username, "webhook" if webhook else "polling")
                    async with reloading.reloading(app):
                        await _until_stopped(stop)
        finally:
            await _close(app)


async def _connect(app: App) -> None:
    pause = FIRST_PAUSE
    while True:
        try:
            await app.initialize()
        except InvalidToken:
            raise _token_rejected() from None  # its message quotes the token
        except TelegramError as error:
            log.warning("Telegram can't be reached, next try in %.0f s: %s", pause, describe(error))
            await asyncio.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)
        else:
            break
    work: Services = app.bot_data[SERVICES]
    await profile.publish(app.bot, work.assistant.message, work.staff_chat)


async def _receive(app: App, webhook: WebhookSettings | None) -> None:
    updater = app.updater
    if updater is None:
        raise TypeError("the application was built without an updater")
    if webhook is None:
        await updater.start_polling(allowed_updates=UPDATES, bootstrap_retries=-1, error_callback=_on_polling_error)
        return
    if not webhook.url or not webhook.secret_token:
        raise OperatorError(
            "webhook mode needs a public address and a secret. Remedy: set telegram.webhook.url and "
            "telegram.webhook.secret_token, or telegram.mode to polling."
        )
    try:
        await updater.start_webhook(
            listen=webhook.listen,
            port=webhook.port,
            url_path=webhook.path,
            webhook_url=webhook.url,
            secret_token=webhook.secret_token,
            max_connections=webhook.max_connections,
            allowed_updates=UPDATES,
            bootstrap_retries=-1,
        )
    except OSError as error:
        raise OperatorError(
            f"the webhook can't listen on {webhook.listen}:{webhook.port} ({error.strerror}). "
            "Remedy: choose another telegram.webhook.port, or stop the program that uses this one."
        ) from error


def _on_polling_error(error: TelegramError) -> None:
    if isinstance(error, Conflict):
        log.error("another program receives this bot's messages. Remedy: stop it, only one may run with this token")
    else:
        log.warning("no messages received, trying again: %s", describe(error))


async def _until_stopped(stop: asyncio.Event) -> None:
    polling = next((task for task in asyncio.all_tasks() if task.get_name() == POLLING_TASK), None)
    if polling is None:
        await stop.wait()
        return
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait({stopping, polling}, return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    if stop.is_set():
        return
    error = polling.exception()
    if isinstance(error, InvalidToken):
        raise _token_rejected() from None
    raise OperatorError(
        f"receiving messages has ended by itself. Remedy: start the bot again, and report this: {describe(error)}"
    )


async def _unless(stop: asyncio.Event, work: Coroutine[Any, Any, None]) -> bool:
    """Awaits ``work`` to its end, or gives it up when asked to stop; tells whether it came to its end."""
    working, stopping = asyncio.create_task(work), asyncio.create_task(stop.wait())
    try:
        await asyncio.wait({working, stopping}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        stopping.cancel()
        if not working.done():
            working.cancel()
            with suppress(asyncio.CancelledError):
                await working
    if working.cancelled():
        return False
    working.result()
    return True


async def _close(app: App) -> None:
    if app.updater is not None and app.updater.running:
        with suppress(InvalidToken):  # raised once more by the polling that it has ended
            await app.updater.stop()
    if app.running:
        await app.stop()
    await app.shutdown()
    await app.bot.shutdown()  # the connections, if initialize() never came to its end


def _token_rejected() -> OperatorError:
    return OperatorError(
        "Telegram rejects the bot's token. Remedy: set TELEGRAM_BOT_TOKEN to the token that @BotFather shows."
    )


@contextmanager
def _signals(stop: asyncio.Event) -> Iterator[None]:
    """Lets SIGINT and SIGTERM ask for a stop, where the platform and the thread allow it."""
    loop = asyncio.get_running_loop()
    installed = []
    for number in (signal.SIGINT, signal.SIGTERM):
        with suppress(NotImplementedError, RuntimeError, ValueError):
            loop.add_signal_handler(number, stop.set)
            installed.append(number)
    try:
        yield
    finally:
        for number in installed:
            loop.remove_signal_handler(number)
