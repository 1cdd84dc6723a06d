"""The bounds of a bundle, each with its reason. Both sides keep to them: what cannot be opened is never sealed."""

from __future__ import annotations

from typing import Final

MAX_ENVELOPE_BYTES: Final = 4 * 1024 * 1024
"""A flow source ends at 256 KiB and a knowledge document at 512 KiB; normalised and in base64 that stays under 2 MiB.
A reader stops here while reading, before a signature is looked at."""

MAX_DEPTH: Final = 64
"""Levels of nesting. YAML sources end at 32; the normalised program adds a few, and Python recurses safely to 64."""

MAX_SAFE_INTEGER: Final = 2**53 - 1
"""RFC 8785 section 3.1: beyond it a reader that keeps numbers as doubles would see another number."""

MAX_CHANNELS: Final = 16
"""A business has one or two channels; the bound keeps a mistaken loop from filling a runtime."""

MAX_SECRETS: Final = 256
"""A connector has a handful of secret fields; the bound is far above all families together."""
