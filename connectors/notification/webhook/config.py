"""The ``connectors.notification`` block of type ``webhook``."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated

from connectors.kernel.option_kinds import Document, Text
from connectors.kernel.options import option
from connectors.notification.webhook.signature import read_secret
from connectors.plain_json import JSON
from connectors.words import Words


def read_signing_secret(value: JSON) -> bytes:
    """The key. Raises ``ValueError``, which repeats nothing of it."""
    if not isinstance(value, str):
        raise ValueError("must be a text like whsec_…")  # noqa: TRY004 - a fault of the document
    return read_secret(value.strip())


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookConfig:
    """``url`` may hold a query, which is a secret of its own with many receivers, so it is kept out of every repr."""

    url: Annotated[
        str,
        option(
            Text("an address that begins with https://", pattern=r"https?://[\x21-\x7e]+", format="uri"),
            Words("Address", "Dirección"),
            example="https://hooks.example.com/frontdesk",
        ),
    ] = field(repr=False)
    secret: Annotated[
        bytes,
        option(
            Document(read_signing_secret, {"type": "string", "writeOnly": True}),
            Words("Signing secret (whsec_…)", "Secreto de firma (whsec_…)"),
            example="whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        ),
    ] = field(repr=False)
