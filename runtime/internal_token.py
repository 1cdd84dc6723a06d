"""``InternalToken``: who may use the addresses that are for this machine's operator, not for the world.

The file is given by ``INTERNAL_TOKEN_FILE``; without it a random token is kept in the tenant's folder, so that the
command line on the same machine can read it. It is read anew each time and never logged.
"""

from __future__ import annotations

import hmac
import os
import secrets
from pathlib import Path
from typing import Final

FILE_NAME: Final = "internal.token"

_SCHEME: Final = "Bearer "
_TOKEN_BYTES: Final = 32
_MOST_BYTES: Final = 4096


class InternalToken:
    """``file`` is made with a fresh token where it is missing."""

    def __init__(self, file: Path, *, make: bool) -> None:
        self._file = file
        if make and not file.exists():
            descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w", encoding="ascii") as opened:
                opened.write(secrets.token_urlsafe(_TOKEN_BYTES))

    def header(self) -> str:
        """What to send. Raises ``OSError``."""
        return f"{_SCHEME}{self._read().decode('ascii', 'replace')}"

    def accepts(self, header: str | None) -> bool:
        """Whether an ``Authorization`` header carries the token. A file that is empty or gone accepts nobody."""
        if header is None or not header.startswith(_SCHEME):
            return False
        try:
            token = self._read()
        except OSError:
            return False
        return bool(token) and hmac.compare_digest(header.removeprefix(_SCHEME).encode(), token)

    def _read(self) -> bytes:
        return self._file.read_bytes()[:_MOST_BYTES].strip()
