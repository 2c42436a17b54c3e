"""Why the embedded stack does not start; each is one sentence for the terminal."""

from __future__ import annotations


class CannotStart(Exception):
    """The sentence says what is wrong and what to do about it."""
