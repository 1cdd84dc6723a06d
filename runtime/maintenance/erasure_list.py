"""The list of erasures beside the state file: a restored copy is older than some of them, and they are done again.

One line of JSON for each, with a keyed hash instead of the contact. It outlives the file it speaks of.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Final

from runtime.ports.inbox_store import ContactKey

FILE_NAME: Final = "erasures.jsonl"


class ErasureList:
    """``pepper`` is the tenant's (``runtime.privacy``). Blocking."""

    def __init__(self, file: Path, pepper: bytes) -> None:
        self._file = file
        self._pepper = pepper

    def add(self, contact: ContactKey, at: datetime) -> None:
        """Durable when it returns; to be called before anything is erased. Raises ``OSError``."""
        line = json.dumps({"at": at.isoformat(), "contact": self._hash(contact)}) + "\n"
        descriptor = os.open(self._file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            os.write(descriptor, line.encode())
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def among(self, contacts: Iterable[ContactKey]) -> list[ContactKey]:
        """Those that were erased once. Whoever wrote again since then is among them: the list knows no return."""
        listed = self._listed()
        return [contact for contact in contacts if self._hash(contact) in listed]

    def _listed(self) -> frozenset[str]:
        try:
            lines = self._file.read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:
            return frozenset()
        return frozenset(str(json.loads(line)["contact"]) for line in lines if line.strip())

    def _hash(self, contact: ContactKey) -> str:
        return hmac.new(
            self._pepper, f"{contact.channel_id}\0{contact.contact_id}".encode(), hashlib.sha256
        ).hexdigest()
