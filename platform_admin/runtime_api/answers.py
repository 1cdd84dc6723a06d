"""The shapes of what the runtime API answers, for the published description."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel

from platform_admin.commands.kinds import CommandKind


class Command(BaseModel):
    """A request to the runtime. It does each id once and reports the result."""

    id: uuid.UUID
    kind: CommandKind
    payload: dict[str, Any]
    issued_at: datetime
    expires_at: datetime | None


class Commands(BaseModel):
    commands: list[Command]


class LeftOut(BaseModel):
    """An item of the report that could not be used: its list, its place from 0, and why."""

    part: str
    index: int
    reason: str


class ReportAnswer(BaseModel):
    acknowledged: str
    suspended: bool
    serial: int | None
    staged_serial: int | None
    commands: list[Command]
    poll_after_s: int
    refused: list[LeftOut]


class ExportReceipt(BaseModel):
    sha256: str


class SigningKeyEntry(BaseModel):
    keyid: str
    public_key: str


class SigningKeys(BaseModel):
    keys: list[SigningKeyEntry]


class ApiError(BaseModel):
    """Every error. ``reason`` is there where one code has several."""

    error: Literal[
        "invalid_token",
        "expired_token",
        "revoked_token",
        "insufficient_scope",
        "not_found",
        "throttled",
        "method_not_allowed",
        "bad_report",
        "too_large",
        "not_an_archive",
        "conflict",
        "not_a_copy",
        "no_place",
    ]
    reason: str | None = None
