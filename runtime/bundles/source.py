"""``ControlPlaneSource``: asks the control plane for one of this tenant's bundles. Does not know what a bundle is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Protocol

from flow_engine.bundle import ENVELOPE_MEDIA_TYPE, MAX_ENVELOPE_BYTES
from runtime.control_plane.connection import ControlPlaneConnection
from runtime.errors import ControlPlaneError

LIVE: Final = "bundle"
STAGED: Final = "staged-bundle"

_OK: Final = 200
_NOT_MODIFIED: Final = 304


@dataclass(frozen=True, slots=True)
class FetchedBundle:
    """An envelope as it came, unverified, and the tag to ask with next time."""

    envelope: bytes
    etag: str


class BundleSource(Protocol):
    """Where bundles come from."""

    async def fetch(self, etag: str | None) -> FetchedBundle | None:
        """The newest bundle, or ``None`` when it is still the one ``etag`` names.

        Raises:
            ControlPlaneError: there was none to be had; nothing else is raised.
        """


class ControlPlaneSource:
    """``path`` is ``bundle`` for the live release, ``staged-bundle`` for the one that is tried."""

    def __init__(self, connection: ControlPlaneConnection, path: str = LIVE) -> None:
        self._connection = connection
        self._path = path

    async def fetch(self, etag: str | None) -> FetchedBundle | None:
        headers = {"Accept": ENVELOPE_MEDIA_TYPE} | ({} if etag is None else {"If-None-Match": etag})
        answer = await self._connection.ask("GET", self._path, most_bytes=MAX_ENVELOPE_BYTES, headers=headers)
        if answer.status == _NOT_MODIFIED and etag is not None:
            return None
        if answer.status != _OK:
            message = f"The control plane answered with status {answer.status}."
            raise ControlPlaneError(f"http_{answer.status}", message)
        return FetchedBundle(answer.body, answer.headers.get("ETag", ""))
