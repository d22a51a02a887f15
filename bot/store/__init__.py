"""The database: what is remembered of a conversation, the question log and the tickets; all SQL is here."""
