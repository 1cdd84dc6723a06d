"""Conversation tests for everyone: a chat on the phone becomes one, and all of them run at every look."""

from __future__ import annotations

from platform_admin.authoring.trying.board import Board, TriedCase, try_all
from platform_admin.authoring.trying.recording import record

__all__ = ["Board", "TriedCase", "record", "try_all"]
