"""``NoopScheduler``: watches nothing. Tests and trials decide themselves when due work is fired."""

from __future__ import annotations

from runtime.ports.scheduler import SchedulerPort


class NoopScheduler(SchedulerPort):
    """Rows stay rows until somebody calls ``TaskExecutor.fire``."""

    async def start(self) -> None:
        """Nothing to watch."""

    def rows_changed(self) -> None:
        """Nobody to tell."""

    def hold(self) -> None:
        """Nothing to hold."""

    async def release(self) -> None:
        """Nothing to release."""

    async def stop(self) -> None:
        """Nothing to stop."""
