"""``Wish``: what a customer wants of messages that answer nothing, and the mark of a message that says so."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class Wish(StrEnum):
    """Whether the business may write unasked."""

    IN = "in"
    OUT = "out"


WISH: Final = "wish"
"""The key in a message's content that says: a word that ends messages or undoes that (``Wish``), noted already."""
