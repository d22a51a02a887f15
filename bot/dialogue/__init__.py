"""Turns: a message and its context become a question, a question an outcome, an outcome a reply. Pure."""
