"""``SchedulerPort``: the clock that notices when scheduled work falls due.

The truth is in the store's rows, written in the turn's own transaction. A scheduler only watches
them; losing it loses no task.
"""

from __future__ import annotations

from abc import ABC, abstractmethod


class SchedulerPort(ABC):
    """Watches the earliest due time and moves due tasks into the inbox."""

    @abstractmethod
    async def start(self) -> None:
        """Begin to watch. Tasks that fell due while nobody watched are handled first."""

    @abstractmethod
    def rows_changed(self) -> None:
        """Tell that tasks were added, replaced or cancelled (after their commit). Cheap; never blocks."""

    @abstractmethod
    def hold(self) -> None:
        """Fire nothing until ``release``; a transaction under way is finished."""

    @abstractmethod
    async def release(self) -> None:
        """Watch again. What fell due meanwhile is judged by its grace."""

    @abstractmethod
    async def stop(self) -> None:
        """Stop watching; a transaction under way is finished. Safe to call twice."""
