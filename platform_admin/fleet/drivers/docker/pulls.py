"""Images fetched beside the passes: a registry may take minutes, and meanwhile other tenants are brought about."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final

import docker

from platform_admin.fleet.drivers.backoff import Backoff
from platform_admin.fleet.drivers.docker.engine import ImageNotFound
from platform_admin.fleet.drivers.docker.pull import Pull
from platform_admin.fleet.drivers.errors import ImageMissingError, ImageOnItsWayError

FETCHED_WITHIN: Final = timedelta(minutes=30)
"""The runtime's image and its base, 200 MB at most, come in by then over 1 Mbit/s. What takes longer, tries that failed
counted, is looked at by a person."""

GIVEN_UP_AFTER: Final = timedelta(minutes=5)
"""Whoever wants an image asks for it in every pass: unasked for so long nobody wanted it any more."""


class Pulls:
    """One pull for each image at a time, however many tenants want it; one that failed is tried again after a pause."""

    def __init__(self, client: docker.DockerClient, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._client = client
        self._now = now
        self._backoff = Backoff(now)
        self._of_image: dict[str, Pull] = {}
        self._wanted: dict[str, tuple[datetime, datetime]] = {}
        """Since when, and when last asked for."""

    def ensure(self, image: str, *, tenant: str) -> None:
        """Return when the engine has it.

        Raises:
            ImageOnItsWayError: it is being fetched, from now on or since earlier.
            ImageMissingError: it could not be fetched a moment ago.
        """
        self._note_asked(image)
        pull = self._of_image.get(image)
        if pull is not None and pull.is_under_way:
            comes_on = bool(pull.progress) and self._now() - self._wanted[image][0] < FETCHED_WITHIN
            raise ImageOnItsWayError(image, tenant=tenant, progress=pull.progress, comes_on=comes_on)
        if self._is_there(image):
            self._of_image.pop(image, None)
            del self._wanted[image]
            self._backoff.forget(image)
            return
        if pull is not None:
            del self._of_image[image]
            self._backoff.in_vain(image, image, reason=pull.failure)
        failure = self._backoff.waits(image, image)
        if failure is not None:
            raise ImageMissingError(image, tenant=tenant, detail=failure)
        self._of_image[image] = Pull(self._client, image)
        raise ImageOnItsWayError(image, tenant=tenant)

    def wait(self) -> bool:
        """Return when nothing is being fetched any more; whether anything was."""
        under_way = [pull for pull in self._of_image.values() if pull.is_under_way]
        for pull in under_way:
            pull.wait()
        return bool(under_way)

    def _note_asked(self, image: str) -> None:
        now = self._now()
        since, last = self._wanted.get(image, (now, now))
        self._wanted[image] = (now if now - last >= GIVEN_UP_AFTER else since), now

    def _is_there(self, image: str) -> bool:
        try:
            self._client.images.get(image)
        except ImageNotFound:
            return False
        return True
