"""Reading a webhook with pywa: from the bytes to the typed update, as its own server does before it calls a handler."""

from __future__ import annotations

import logging

from pywa.client import WhatsApp
from pywa.types.base_update import BaseUpdate, RawUpdate


class PywaReader:
    """A client without a server and without filters: it only reads."""

    def __init__(self) -> None:
        logging.getLogger("pywa").setLevel(logging.CRITICAL)
        self._client = WhatsApp(
            phone_id="106540352242922",
            token="unused",  # noqa: S106 - nothing is sent
            filter_updates=False,
            validate_updates=False,
        )

    def can_read(self, body: bytes) -> bool:
        try:
            return self.read(body) is not None
        except Exception:  # noqa: BLE001 - whatever it raises, it does not read this body
            return False

    def read(self, body: bytes) -> BaseUpdate | None:
        update = RawUpdate(body, hmac_header=None, update_hash="")
        handler = self._client._get_handler_type(update)  # noqa: SLF001 - what its server calls; there is no other way
        if handler is None:
            return None
        kind = self._client._handlers_to_updates[handler]  # noqa: SLF001 - as above
        return kind.from_update(client=self._client, update=update)
