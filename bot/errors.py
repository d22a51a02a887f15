"""Errors that an operator must see; each message names the remedy."""


class OperatorError(Exception):
    """Something outside the code is wrong (settings, files, database); the message says what to do about it.

    Example: ``raise OperatorError("data/bot.db cannot be opened: … Remedy: make the folder data/ writable.")``
    """
