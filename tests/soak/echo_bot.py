"""The least that python-telegram-bot can do: it says what it hears, eight messages side by side."""

import logging
import os

from telegram import Update
from telegram.ext import ApplicationBuilder, ContextTypes, MessageHandler, filters

SIDE_BY_SIDE = 8  # as our bot


async def echo(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """Says it again."""
    if update.message is not None and update.message.text is not None:
        await update.message.reply_text(update.message.text)


if __name__ == "__main__":
    logging.basicConfig(level=logging.WARNING)
    builder = ApplicationBuilder().token(os.environ["TELEGRAM_BOT_TOKEN"]).base_url(os.environ["TELEGRAM_BASE_URL"])
    builder = builder.concurrent_updates(SIDE_BY_SIDE).connection_pool_size(SIDE_BY_SIDE).pool_timeout(30)
    app = builder.build()
    app.add_handler(MessageHandler(filters.TEXT, echo))
    app.run_polling()
