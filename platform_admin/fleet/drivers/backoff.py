"""When a tenant that is not brought about is asked for again, so that it costs the engine and the others less."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from platform_admin.fleet.drivers.errors import DriverError, EngineUnreachableError, ImageOnItsWayError
from platform_admin.fleet.one_line import in_one_line

FIRST_PAUSE: Final = timedelta(seconds=1)
LONGEST_PAUSE: Final = timedelta(seconds=60)
"""Each pause is twice the one before; what was mended by hand is seen within a minute."""

STEADY_AFTER: Final = timedelta(seconds=10)
"""Ready for as long, a runtime is well: its next end is a first one. Container engines count like that
(https://docs.docker.com/engine/containers/start-containers-automatically/)."""


@dataclass(frozen=True, slots=True)
class _Vain:
    wish: str
    reason: str
    at: datetime
    pause: timedelta


class Backoff:
    """By tenant and by its wish: another wish is asked for at once, and so is whoever was forgotten."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._vain: dict[str, _Vain] = {}

    def waits(self, tenant: str, wish: str) -> str | None:
        """``None``: ask now. Else why the last attempt was in vain, ``""`` where it was taken and did not last."""
        last = self._vain.get(tenant)
        return last.reason if last is not None and last.wish == wish and self._now() < last.at + last.pause else None

    @contextmanager
    def attempt(self, tenant: str, wish: str) -> Iterator[None]:
        """Note what is refused within: not an engine that does not answer, nor that an image is on its way."""
        try:
            yield
        except (EngineUnreachableError, ImageOnItsWayError):
            raise
        except (DriverError, OSError) as error:
            self.in_vain(tenant, wish, reason=in_one_line(error))
            raise

    def in_vain(self, tenant: str, wish: str, *, reason: str = "") -> None:
        """The pause begins now: an attempt may have taken minutes."""
        last = self._vain.get(tenant)
        pause = FIRST_PAUSE if last is None or last.wish != wish else min(2 * last.pause, LONGEST_PAUSE)
        self._vain[tenant] = _Vain(wish, reason, self._now(), pause)

    def seen_well(self, tenant: str, *, since: datetime | None) -> None:
        """It is ready since then. One that came back by the last attempt may be noted as ready from before."""
        last = self._vain.get(tenant)
        if last is not None and since is not None and self._now() - max(since, last.at) >= STEADY_AFTER:
            self.forget(tenant)

    def forget(self, tenant: str) -> None:
        self._vain.pop(tenant, None)
