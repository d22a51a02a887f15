"""Puts the handlers together and runs them, by polling or behind a webhook."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import Callable, Collection, Coroutine, Iterator
from contextlib import AsyncExitStack, contextmanager, suppress
from datetime import datetime
from typing import Any

from telegram import Message, Update
from telegram.error import InvalidToken, TelegramError
from telegram.ext import (
    ApplicationBuilder,
    CallbackQueryHandler,
    ChatMemberHandler,
    CommandHandler,
    InlineQueryHandler,
    MessageHandler,
    filters,
)

from bot.errors import ConfigurationError, OperatorError
from handlers import buttons, chat_settings, explaining, groups, inline, private, profile, reloading, staff
from handlers.context import SERVICES, App, Assistant, Explain, Mail, Reloader, Services, from_person
from handlers.errors import describe, keep_logs_discreet, on_error
from handlers.floods import Floods
from handlers.inbox import StoredUpdates
from handlers.limits import Limits, LimitSettings
from handlers.metrics import Metrics
from handlers.monitoring import Served, Watched, monitored
from handlers.parsing import CarefulRequest
from handlers.processing import Processing
from handlers.reception import Reception
from handlers.sender import Clock, Sender
from handlers.settings import MonitoringSettings, TelegramSettings, WebhookSettings
from handlers.webhook import announce, receiving

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

READ_TIMEOUT = 5.0
"""Seconds to wait for Telegram's answer to a call; after that nobody knows whether it has done what it was asked."""

SPARE_CONNECTIONS, POOL_TIMEOUT = 8, 30.0
"""Connections for what is called besides the sender (buttons, inline queries, rights), and the seconds that a call
waits for one. With more of them every call gets slower (httpcore looks through its whole pool)."""

STOP_RECEIVING, STOP_HANDLING = 1.0, 2.0
"""Seconds that a stop gives to the last call for messages, and to what is being handled."""

POLLING_TASK = "Updater:start_polling:polling_task"
"""What python-telegram-bot calls its polling task; it may end by itself, and nothing else tells us."""


class _FromPerson(filters.MessageFilter):
    def filter(self, message: Message) -> bool:
        return from_person(message)


def build(
    token: str,
    assistant: Assistant,
    mail: Mail,
    *,
    base_url: str = "https://api.telegram.org/bot",
    staff_chat: int | None = None,
    admins: Collection[int] = (),
    reloader: Reloader | None = None,
    explain: Explain | None = None,
    limits: LimitSettings = Limits(),  # noqa: B008 - frozen
    clock: Clock = Clock(),  # noqa: B008 - frozen
    metrics: Metrics | None = None,
    now: Callable[[], datetime],
) -> Processing:
    """Makes the Telegram application; nothing is sent yet.

    ``mail`` keeps what comes in and goes out; ``base_url`` is the Bot API's address up to the token; ``staff_chat`` the
    id of the chat where tickets are answered; ``admins`` are the ids of people who may do what staff may; ``reloader``
    keeps the assistant up to date; ``explain`` tells them why a question is answered as it is. ``limits`` say how fast
    it may write, by ``clock``; ``metrics`` counts what happens. ``now`` tells the time with its zone.
    Updates are handled one after the other, so that a chat keeps its order.
    """
    keep_logs_discreet()
    counted, reception = metrics or Metrics(), Reception(now)
    queue = StoredUpdates(mail.inbox, now, counted.arrived)
    app = _application(token, base_url, queue, limits, reception)
    app.bot_data[SERVICES] = Services(
        assistant,
        mail,
        staff_chat,
        now,
        reception,
        floods=Floods(limits.flood_questions),
        limits=limits,
        reloader=reloader,
        explain=explain,
        metrics=counted,
    )
    app.sender = Sender(app.bot, app.bot_data[SERVICES], clock)
    _add_handlers(app, admins)
    return app


def _add_handlers(app: Processing, admins: Collection[int]) -> None:
    """Who takes which update: the first that fits."""
    work: Services = app.bot_data[SERVICES]
    told = filters.UpdateType.MESSAGE & ~filters.StatusUpdate.ALL & _FromPerson()
    edited = filters.UpdateType.EDITED_MESSAGE & _FromPerson()
    app.add_handler(CallbackQueryHandler(chat_settings.on_press, pattern=f"^{chat_settings.PREFIX}"))
    app.add_handler(CallbackQueryHandler(buttons.on_press))
    app.add_handler(ChatMemberHandler(groups.on_membership, ChatMemberHandler.MY_CHAT_MEMBER))
    app.add_handler(MessageHandler(filters.StatusUpdate.MIGRATE, groups.on_migration))
    app.add_handler(InlineQueryHandler(inline.on_query))
    by_staff = filters.User(admins) | filters.Chat(() if work.staff_chat is None else work.staff_chat)
    if work.explain is not None:
        app.add_handler(CommandHandler(explaining.COMMAND, explaining.on_command, told & by_staff))
    if work.reloader is not None:
        app.add_handler(CommandHandler(reloading.COMMAND, reloading.on_command, told & by_staff))
    if work.staff_chat is not None:
        app.add_handler(MessageHandler(told & filters.Chat(work.staff_chat), staff.on_message))
        app.add_handler(MessageHandler(edited & filters.Chat(work.staff_chat), staff.on_edit))
    app.add_handler(MessageHandler(told & filters.ChatType.PRIVATE, private.on_message))
    app.add_handler(MessageHandler(edited & filters.ChatType.PRIVATE, private.on_edit))
    app.add_handler(MessageHandler(told & filters.ChatType.GROUPS, groups.on_message))
    app.add_handler(MessageHandler(edited & filters.ChatType.GROUPS, groups.on_edit))
    app.add_error_handler(on_error)


def _application(
    token: str, base_url: str, queue: StoredUpdates, limits: LimitSettings, reception: Reception
) -> Processing:
    """The parts of python-telegram-bot, with ours in the place of some."""
    builder = ApplicationBuilder().application_class(Processing).token(token).base_url(base_url).job_queue(None)
    builder = builder.update_queue(queue).get_updates_request(
        CarefulRequest(reception.heard, reception.failed, connection_pool_size=1)
    )
    connections = limits.side_by_side + SPARE_CONNECTIONS
    builder = builder.connection_pool_size(connections).pool_timeout(POOL_TIMEOUT)
    app = builder.read_timeout(READ_TIMEOUT).build()
    if not isinstance(app, Processing):
        raise TypeError("python-telegram-bot made another application")
    return app


async def serve(
    assistant: Assistant,
    mail: Mail,
    token: str,
    settings: TelegramSettings,
    now: Callable[[], datetime],
    *,
    reloader: Reloader | None = None,
    explain: Explain | None = None,
    limits: LimitSettings = Limits(),  # noqa: B008 - frozen
    metrics: Metrics | None = None,
    monitoring: MonitoringSettings | None = None,
    served: Callable[[], Served] = lambda: ("", None),
) -> None:
    """Builds the application as ``settings`` say and runs it; see ``build`` and ``run``.

    ``monitoring`` tells where others can see how it is, with what is ``served``: the version of the knowledge.
    """
    app = build(
        token,
        assistant,
        mail,
        base_url=settings.base_url,
        staff_chat=settings.staff_chat,
        admins=settings.admins,
        reloader=reloader,
        explain=explain,
        limits=limits,
        metrics=metrics,
        now=now,
    )
    work: Services = app.bot_data[SERVICES]
    watched = Watched(
        overview=mail.ledger.overview,
        served=served,
        receiving=lambda: _receives(app, settings.mode),
        reception=work.reception,
        metrics=work.metrics,
        now=now,
        mode=settings.mode,
    )
    async with monitored(monitoring, watched):
        await run(app, settings.webhook if settings.mode == "webhook" else None)


async def run(app: Processing, webhook: WebhookSettings | None = None, stop: asyncio.Event | None = None) -> None:
    """Runs the bot until SIGINT or SIGTERM, or until ``stop`` is set; without ``webhook`` by polling.

    Waits for a Telegram that can't be reached yet. It stops within seconds: what is being sent comes to its end, what
    was received and is not answered by then is taken up by the next run.
    Raises ``OperatorError`` when Telegram rejects the token, or when the webhook is not set up completely.
    """
    stop = stop or asyncio.Event()
    opened = AsyncExitStack()
    with _signals(stop):
        try:
            if await _unless(stop, _connect(app)):
                await _take_up(app)
                await app.start()
                if await _unless(stop, _receive(app, webhook, opened)):
                    log.info("@%s is listening, by %s", app.bot.username, "webhook" if webhook else "polling")
                    async with reloading.reloading(app):
                        await _until_stopped(stop)
        finally:
            await opened.aclose()
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


async def _receive(app: App, webhook: WebhookSettings | None, opened: AsyncExitStack) -> None:
    """Begins to receive messages; what listens for Telegram's calls is closed with ``opened``."""
    updater, reception = app.updater, app.bot_data[SERVICES].reception
    if updater is None:
        raise TypeError("the application was built without an updater")

    async def take(update: Update) -> None:
        try:
            await app.update_queue.put(update)
        except TelegramError as error:
            reception.failed(error)
            raise
        reception.heard(kept=True)

    if webhook is None:
        await updater.start_polling(allowed_updates=UPDATES, bootstrap_retries=-1, error_callback=reception.failed)
        return
    await opened.enter_async_context(receiving(webhook, take, app.bot))
    await announce(app.bot, webhook, UPDATES)


def _receives(app: App, mode: str) -> bool:
    """Whether messages are asked for, or can come in by webhook."""
    return app.running and (mode == "webhook" or _polling() is not None)


def _polling() -> asyncio.Task[Any] | None:
    """The task that asks for messages, while there is one."""
    return next((task for task in asyncio.all_tasks() if task.get_name() == POLLING_TASK), None)


async def _until_stopped(stop: asyncio.Event) -> None:
    polling = _polling()
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


async def _take_up(app: Processing) -> None:
    """Goes on where the last run has ended."""
    left = await app.stored_updates.restore(app.bot)
    if left:
        log.info("%d messages are taken up that were received before the start", left)
    await app.sender.start()


async def _close(app: Processing) -> None:
    app.halt()
    sending = asyncio.create_task(app.sender.stop())
    if app.updater is not None and app.updater.running:
        with suppress(InvalidToken, TimeoutError):  # the first is raised once more by the polling that it has ended
            await asyncio.wait_for(app.updater.stop(), STOP_RECEIVING)
    app.stored_updates.clear()
    if app.running:
        with suppress(TimeoutError):
            await asyncio.wait_for(app.stop(), STOP_HANDLING)
    await sending
    await app.shutdown()
    await app.bot.shutdown()  # the connections, if initialize() never came to its end


def _token_rejected() -> ConfigurationError:
    return ConfigurationError(
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
