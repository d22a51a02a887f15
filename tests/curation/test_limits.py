"""The limits of knowledge files against those of Telegram: what the files allow, a message and a button can carry."""

import re

from telegram import constants

from bot.curation.fields import (
    FIRST_YEAR,
    ID_PATTERN,
    LAST_YEAR,
    MAX_COMMAND,
    MAX_DESCRIPTION,
    MAX_NUMBER,
    MAX_SHORT_DESCRIPTION,
    MAX_TITLE,
    MAX_TOAST,
)
from bot.dialogue.compose import entry_id
from bot.dialogue.model import LONGEST_ID, LONGEST_LABEL, TOPIC
from handlers.presses import LONGEST_DATA, owned

LONGEST = 40 * "a"
PERSON = "9999999999"  # ten digits, as ids of persons have today


def test_longest_id_is_what_the_pattern_allows():
    """Forty characters of one byte each, not one more."""
    assert re.fullmatch(ID_PATTERN, LONGEST)
    assert not re.fullmatch(ID_PATTERN, LONGEST + "a")


def test_longest_id_fits_every_button():
    """With its variant, and in a group with whose button it is, it stays within 64 bytes."""
    data = [
        entry_id(LONGEST),
        entry_id(LONGEST, LAST_YEAR),
        entry_id(LONGEST, FIRST_YEAR, MAX_NUMBER),
        f"{TOPIC}:{LONGEST}",
    ]
    assert [ident for ident in data if len(ident.encode()) > LONGEST_ID] == []
    marked = [owned(ident, PERSON) for ident in data]
    assert [ident for ident in marked if not ident.startswith("@") or len(ident.encode()) > LONGEST_DATA] == []


def test_longest_title_is_a_whole_label():
    """A title is never cut on a button."""
    assert MAX_TITLE <= LONGEST_LABEL


def test_what_is_shown_outside_of_messages_fits():
    """Profile, menus and toasts have limits of their own, which are Telegram's."""
    assert MAX_DESCRIPTION == constants.BotDescriptionLimit.MAX_DESCRIPTION_LENGTH
    assert MAX_SHORT_DESCRIPTION == constants.BotDescriptionLimit.MAX_SHORT_DESCRIPTION_LENGTH
    assert MAX_COMMAND == constants.BotCommandLimit.MAX_DESCRIPTION
    assert MAX_TOAST == constants.CallbackQueryLimit.ANSWER_CALLBACK_QUERY_TEXT_LENGTH
