"""The Telegram adapter: translates updates in, draws replies out."""
