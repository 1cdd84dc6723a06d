"""How far each chain of the audit trail had come, signed with the platform's key and kept outside of the database too.

One line of JSON a checkpoint in ``AUDIT_ANCHOR_FILE``, only ever added to. Whoever owns the database can write its
tables anew from the start; they cannot sign, and they do not reach that file or a copy of it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Final, Self

from django.conf import settings

from flow_engine.bundle import BundleError
from flow_engine.bundle.canonical import canonical_bytes
from flow_engine.bundle.keys import PublicKey, decode_base64, encode_base64
from flow_engine.bundle.signing import verify as signature_holds
from platform_admin.releases.signing_key import platform_signing_key, verifying_keys
from platform_admin.tenants.models import AuditChain, AuditCheckpoint

_PURPOSE: Final = "frontdesk audit checkpoint 1"
"""Signed along: a signature over a release can never be shown as one over a checkpoint, or the other way round."""

_OWNER_ONLY: Final = 0o600


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """``digest`` is that of entry ``number``. ``at`` is ISO 8601, ``signature`` base64."""

    chain: str
    number: int
    digest: str
    at: str
    keyid: str
    signature: str

    @classmethod
    def from_row(cls, row: AuditCheckpoint) -> Self:
        return cls(row.chain, row.number, row.digest, row.at.isoformat(), row.keyid, row.signature)


@dataclass(frozen=True, slots=True)
class Anchors:
    """``trusted`` can be believed; of the others the key is retired, or the line was altered."""

    trusted: tuple[Checkpoint, ...]
    untrusted: int


def sign_heads(*, now: datetime) -> list[Checkpoint]:
    """A checkpoint of every chain that moved on since its last one, or whose last one has another signature."""
    key = platform_signing_key()
    keyid = key.public_key.keyid
    signed = set(AuditCheckpoint.objects.filter(keyid=keyid).values_list("chain", "number"))
    fresh = []
    for head in AuditChain.objects.filter(number__gt=0).order_by("name"):
        if (head.name, head.number) in signed:
            continue
        at = now.isoformat()
        signature = encode_base64(key.sign(_message(head.name, head.number, head.digest, at)))
        fresh.append(Checkpoint(head.name, head.number, head.digest, at, keyid, signature))
    AuditCheckpoint.objects.bulk_create(
        (AuditCheckpoint(**{**asdict(item), "at": now}) for item in fresh), ignore_conflicts=True
    )
    return fresh


def anchors(files: Iterable[Path] = ()) -> Anchors:
    """Everything that was signed: from the database, and from ``files``. Raises ``OSError``."""
    keys = {key.keyid: key for key in verifying_keys()}
    found = {Checkpoint.from_row(row) for row in AuditCheckpoint.objects.all()}
    for file in files:
        found |= lines_of(file)
    trusted = [item for item in found if item.keyid in keys and _holds(item, keys[item.keyid])]
    return Anchors(tuple(trusted), len(found) - len(trusted))


def own_file() -> list[Path]:
    """``AUDIT_ANCHOR_FILE``; nothing before the worker has written it for the first time."""
    file: Path | None = settings.AUDIT_ANCHOR_FILE
    return [file] if file is not None and file.is_file() else []


def append_lines(file: Path, lines: Iterable[str]) -> None:
    """Add to the file outside of the database, on the disk before this returns."""
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, _OWNER_ONLY)
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        stream.writelines(f"{line}\n" for line in lines)
        stream.flush()
        os.fsync(stream.fileno())


def as_line(checkpoint: Checkpoint) -> str:
    return json.dumps({"type": "checkpoint", **asdict(checkpoint)}, ensure_ascii=False, sort_keys=True)


def lines_of(file: Path) -> set[Checkpoint]:
    """Every checkpoint that stands in the file, whoever signed it. Raises ``OSError``."""
    return set(_lines(file))


def _lines(file: Path) -> Iterator[Checkpoint]:
    # A crash may cut a line within a character.
    with file.open(encoding="utf-8", errors="replace") as stream:
        for line in stream:
            try:
                told = json.loads(line)
            except ValueError:
                continue  # a line that a crash left unfinished vouches for nothing
            if isinstance(told, dict) and told.pop("type", "") == "checkpoint":
                yield Checkpoint(**{name: told.get(name, "") for name in Checkpoint.__slots__})


def _holds(checkpoint: Checkpoint, key: PublicKey) -> bool:
    try:
        signature = decode_base64(checkpoint.signature)
        message = _message(checkpoint.chain, checkpoint.number, checkpoint.digest, checkpoint.at)
    except (BundleError, TypeError):
        return False
    return signature_holds(key, message, signature)


def _message(chain: str, number: int, digest: str, at: str) -> bytes:
    return canonical_bytes({"purpose": _PURPOSE, "chain": chain, "number": number, "digest": digest, "at": at})
