"""Time-based codes (RFC 6238) and how an authenticator app is told of them."""

from __future__ import annotations

import base64
import secrets
from datetime import datetime
from typing import Final
from urllib.parse import quote, urlencode

import segno
from django_otp.oath import TOTP

KEY_BYTES: Final = 20
"""RFC 4226, section 4, R6 recommends 160 bits."""

STEP_S: Final = 30
DIGITS: Final = 6
"""What every app knows; others are ignored by some of them."""

DRIFT_STEPS: Final = 1
"""A clock half a minute off, or a code typed at its end."""

ISSUER: Final = "Frontdesk"
_GROUP: Final = 4
_QR_SCALE: Final = 5
_QR_QUIET_ZONE: Final = 2


def fresh_key() -> str:
    """In base32, as apps want it."""
    return base64.b32encode(secrets.token_bytes(KEY_BYTES)).decode("ascii")


def step_of(code: str, *, key: str, now: datetime, after: int) -> int | None:
    """The time step a code belongs to, within the drift and later than the step ``after``; else nothing."""
    typed = "".join(code.split())
    if len(typed) != DIGITS or not (typed.isascii() and typed.isdigit()):
        return None
    totp = TOTP(base64.b32decode(key), step=STEP_S, digits=DIGITS)
    totp.time = now.timestamp()
    right = totp.verify(int(typed), tolerance=DRIFT_STEPS, min_t=after + 1)
    return totp.t() if right else None


def provisioning_address(*, key: str, account: str) -> str:
    """What the QR code says: the key URI format that all authenticator apps read."""
    label = quote(f"{ISSUER}:{account}")
    query = {"secret": key, "issuer": ISSUER, "algorithm": "SHA1", "digits": DIGITS, "period": STEP_S}
    return f"otpauth://totp/{label}?{urlencode(query)}"


def qr_image(address: str) -> str:
    """A PNG as a ``data:`` address for an ``img``; dark on white in every colour scheme, so that phones read it."""
    code = segno.make(address, error="m", micro=False)
    return str(code.png_data_uri(scale=_QR_SCALE, border=_QR_QUIET_ZONE, dark="#1c2127", light="#ffffff"))


def in_groups(key: str) -> str:
    """To be typed by hand: ``ABCD EFGH …``."""
    return " ".join(key[start : start + _GROUP] for start in range(0, len(key), _GROUP))
