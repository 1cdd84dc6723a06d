"""Mails leave through the worker's queue. A job names whom and what it is about; tokens are made when it is written."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Final

from django.utils.translation import get_language

from flow_engine.vocabulary import JSONObject
from platform_admin.jobs.actions import enqueue

JOB_KIND: Final = "letter"
_KEY_BYTES: Final = 12


def post(letter: str, *, now: datetime, language: str = "", **about: bool | int | str) -> None:
    """Put one in. ``language`` is that of the page it is asked for on, unless somebody knows better."""
    payload: JSONObject = {"letter": letter, "language": language or get_language() or "en", **about}
    enqueue(kind=JOB_KIND, key=f"{letter}:{secrets.token_hex(_KEY_BYTES)}", due_at=now, payload=payload)
