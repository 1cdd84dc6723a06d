"""A service account's key file, read with distrust, and the assertion signed with it.

Nothing in the file decides where a secret is sent: an address in it that is not Google's own is refused, because
whoever can make a business upload a file could else have tokens asked for, and sent, anywhere.
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, field
from datetime import datetime

from connectors.errors import UnauthorizedError

TOKEN_URI = "https://oauth2.googleapis.com/token"  # noqa: S105 - an address
"""Where Google gives tokens out. Also the audience of the assertion, wherever that is sent."""

UNIVERSE = "googleapis.com"

SCOPES = "https://www.googleapis.com/auth/calendar.freebusy https://www.googleapis.com/auth/calendar.events"
"""The narrowest pair that books: free/busy, and events. Not the list of calendars, not their settings."""

LIFETIME_S = 3600
"""The longest that Google grants (developers.google.com/identity/protocols/oauth2/service-account)."""

MAX_KEY_FILE = 20_000
"""Characters; a key file has about 2,400."""


@dataclass(frozen=True, slots=True)
class ServiceAccount:
    """Who we are to Google."""

    email: str
    private_key: str = field(repr=False)

    def assertion(self, at: datetime) -> str:
        """A JWT (RFC 7523) that is good for one token. Takes milliseconds: call it in a thread."""
        # 4 MiB that a runtime has loaded for its bundle; a development start has not.
        from cryptography.hazmat.primitives import hashes, serialization  # noqa: PLC0415 - see above
        from cryptography.hazmat.primitives.asymmetric import padding, rsa  # noqa: PLC0415 - see above

        try:
            key = serialization.load_pem_private_key(self.private_key.encode(), password=None)
        except (ValueError, TypeError) as error:
            raise UnauthorizedError(_unusable("its private_key is no key")) from error
        if not isinstance(key, rsa.RSAPrivateKey):
            raise UnauthorizedError(_unusable("its private_key is not an RSA key"))
        issued = int(at.timestamp())
        claims = {"iss": self.email, "scope": SCOPES, "aud": TOKEN_URI, "iat": issued, "exp": issued + LIFETIME_S}
        signed = f"{_encoded({'alg': 'RS256', 'typ': 'JWT'})}.{_encoded(claims)}"
        signature = key.sign(signed.encode(), padding.PKCS1v15(), hashes.SHA256())
        return f"{signed}.{_base64(signature)}"


def read_service_account(text: str) -> ServiceAccount:
    """Read a key file. Raises ``UnauthorizedError`` saying what is wrong, never quoting it."""
    try:
        content = json.loads(text[:MAX_KEY_FILE])
    except (ValueError, RecursionError):
        raise UnauthorizedError(_unusable("it is not the JSON file that Google gave out")) from None
    if not isinstance(content, dict) or content.get("type") != "service_account":
        raise UnauthorizedError(_unusable("it is not the key of a service account"))
    email, private_key = content.get("client_email"), content.get("private_key")
    if not isinstance(email, str) or "@" not in email or not isinstance(private_key, str):
        raise UnauthorizedError(_unusable("client_email or private_key is missing"))
    if content.get("token_uri", TOKEN_URI) != TOKEN_URI:
        raise UnauthorizedError(_unusable(f"its token_uri is not {TOKEN_URI}; nothing was sent there"))
    if content.get("universe_domain", UNIVERSE) != UNIVERSE:
        raise UnauthorizedError(_unusable(f"its universe_domain is not {UNIVERSE}; nothing was sent there"))
    return ServiceAccount(email, private_key)


def _unusable(why: str) -> str:
    return f"the key file of the service account cannot be used: {why}; create a new key and store it"


def _encoded(value: dict[str, object]) -> str:
    return _base64(json.dumps(value, separators=(",", ":")).encode())


def _base64(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()
