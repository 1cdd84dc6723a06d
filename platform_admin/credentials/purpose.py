"""What a secret is opened for."""

from __future__ import annotations

from enum import StrEnum


class Purpose(StrEnum):
    """``about`` of a use says more: the serial of a release."""

    RELEASE = "release"
    REPLAY = "replay"
    PROBE = "probe"
    CHOICES = "choices"
    TRYING_OUT = "trying it out"
    QUESTION = "trying a question"
    TEMPLATES = "templates"
    PROOF = "proof"
