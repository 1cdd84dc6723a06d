"""``Trials``: has the release on trial that the control plane names, and none when it names none."""

from __future__ import annotations

from runtime.bundles.keeper import BundleKeeper
from runtime.bundles.source import BundleSource


class Trials:
    """``source`` serves the staged release, whichever it is."""

    def __init__(self, source: BundleSource, keeper: BundleKeeper) -> None:
        self._source = source
        self._keeper = keeper
        self._refused: set[int] = set()

    async def follow(self, named: int | None) -> bool:
        """Try or drop as the serial in a report's answer says; whether that is settled now, and was not before.

        It is not settled where another release is served than was named: only the next answer can tell.

        Raises:
            ControlPlaneError: the release was not to be had.
        """
        if named == self._keeper.staged_serial or named in self._refused:
            return False
        if named is None:
            await self._keeper.drop_staged()
        else:
            await self._fetch(named)
        return named == self._keeper.staged_serial or named in self._refused

    async def _fetch(self, named: int) -> None:
        fetched = await self._source.fetch(None)
        if fetched is not None and not await self._keeper.offer_staged(fetched):
            self._refused.add(named)  # the same bytes would be refused again
