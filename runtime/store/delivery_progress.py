"""How far a message got, given reports in any order.

Providers promise no order: ``read`` may come before ``delivered``. A state only rises; ``failed`` is
final unless the message is known to have arrived.
"""

from __future__ import annotations

from runtime.ports.inbox import DeliveryState

_RANK = {DeliveryState.SENT: 1, DeliveryState.DELIVERED: 2, DeliveryState.READ: 3}


def progressed(known: DeliveryState | None, reported: DeliveryState) -> DeliveryState:
    """The state to keep after ``reported`` came in."""
    if known is None:
        return reported
    if known is DeliveryState.FAILED:
        return known
    if reported is DeliveryState.FAILED:
        return reported if known is DeliveryState.SENT else known
    return max(known, reported, key=_RANK.__getitem__)


def reading_order(state: DeliveryState) -> int:
    """Where to apply a state among several reported together: rising, ``failed`` last.

    ``failed`` then counts only where nothing says that the message arrived.
    """
    return _RANK.get(state, len(_RANK) + 1)


def failure_text(code: str | None, detail: str) -> str:
    """The reason a dead letter shows for a reported failure."""
    return ": ".join(part for part in (code or "failed", detail) if part)
