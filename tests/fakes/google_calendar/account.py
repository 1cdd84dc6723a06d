"""A service account: the key file a business would upload, and the side that checks what is signed with it."""

from __future__ import annotations

import base64
import functools
import json
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

TOKEN_URI = "https://oauth2.googleapis.com/token"
EMAIL = "front-desk@luna-salon.iam.gserviceaccount.com"


@dataclass(frozen=True)
class KeyFile:
    """``text`` is the file; ``public_key`` is what Google keeps of it."""

    text: str
    public_key: rsa.RSAPublicKey

    @property
    def private_key(self) -> str:
        return str(json.loads(self.text)["private_key"])


@functools.cache
def make_key_file(email: str = EMAIL, **changes: Any) -> KeyFile:
    """As Google Cloud gives it out, with ``changes``. One key for each set of arguments: making one takes long."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()
    content = {
        "type": "service_account",
        "project_id": "luna-salon",
        "private_key_id": "0f5c",
        "private_key": pem,
        "client_email": email,
        "client_id": "1234567890",
        "token_uri": TOKEN_URI,
        "universe_domain": "googleapis.com",
    }
    return KeyFile(json.dumps(content | changes), key.public_key())


def checked_claims(assertion: str, public_key: rsa.RSAPublicKey) -> dict[str, Any] | None:
    """The claims of a JWT signed with RS256 by this key; ``None`` of any other."""
    try:
        header, claims, signature = assertion.split(".")
        if json.loads(_decoded(header)) != {"alg": "RS256", "typ": "JWT"}:
            return None
        public_key.verify(_decoded(signature), f"{header}.{claims}".encode(), padding.PKCS1v15(), hashes.SHA256())
        found: dict[str, Any] = json.loads(_decoded(claims))
    except (ValueError, InvalidSignature):
        return None
    return found


def _decoded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
