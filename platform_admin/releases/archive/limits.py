"""How much an archive may hold. A tenant's whole content is a few hundred kilobytes."""

from __future__ import annotations

from typing import Final

MAX_ARCHIVE_BYTES: Final = 5 * 1024 * 1024
MAX_ENTRIES: Final = 1_000
MAX_ENTRY_BYTES: Final = 1024 * 1024
MAX_TOTAL_BYTES: Final = 20 * 1024 * 1024
MAX_RATIO: Final = 200
"""Unpacked to packed. Deflate reaches 1,032; text written by people about 10."""
