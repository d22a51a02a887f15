"""Errors that an operator must see; each message names the remedy."""


class OperatorError(Exception):
    """Something outside the code is wrong (settings, files, database); the message says what to do about it.

    Example: ``raise OperatorError("data/bot.db cannot be opened: … Remedy: make the folder data/ writable.")``
    """


class ConfigurationError(OperatorError):
    """Something that a person has to set right first: to start once more leads to the same.

    The command line then ends with a status of its own, so that a service manager does not try again and again.

    Example: ``raise ConfigurationError("config.yaml:3: the setting … Remedy: …")``
    """


class DatabaseError(OperatorError):
    """The database can't be used at the moment (locked, full, out of reach); what was to be done may succeed later.

    Example: ``raise DatabaseError("data/bot.db cannot grow: the disk is full. Remedy: free some space.")``
    """
