"""Tokens for links: made, hashed, built into addresses. In clear one is in a mail or on a terminal alone."""

from __future__ import annotations

import secrets
from typing import Final

from django.conf import settings
from django.urls import reverse

from platform_admin.tenants.actions import token_digest

_TOKEN_BYTES: Final = 32
"""256 bits: guessing is hopeless, so a plain SHA-256 is enough to store."""

digest_of = token_digest


def fresh_token() -> str:
    return secrets.token_urlsafe(_TOKEN_BYTES)


def link_to(name: str, token: str) -> str:
    """The whole address of a page of this app that takes a token, under the server's own public name."""
    return f"{settings.PUBLIC_URL}{reverse(f'people:{name}', args=[token])}"
