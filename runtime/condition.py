"""``Condition``: how a runtime is, in a yes or no and in sentences, for ``/health``, ``/ready`` and reports alike."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from runtime.bundles.status import BundleStatus
from runtime.core import CoreHealth

_HARMLESS_FAULTS: Final = frozenset({"unreachable"})
"""A control plane that is away is no reason for concern while a bundle is live: that is what the cache is for."""


@dataclass(frozen=True, slots=True)
class Condition:
    """``ready``: a message can be verified and stored. ``reasons``: what somebody should look at."""

    ready: bool
    reasons: tuple[str, ...]


def condition_of(
    core: CoreHealth, bundle: BundleStatus, *, refused_by: Iterable[str] = (), damage: str | None = None
) -> Condition:
    """``refused_by`` are the connectors whose other side does not accept our credentials.

    ``damage`` is what is wrong with the state file, as far as its pages have been read.
    """
    reasons = [
        *_reasons_to_wait(core),
        *_reasons_of_bundle(core, bundle),
        *(f"channel {channel} is halted: {why}" for channel, why in core.halted.items()),
        *(f"connector {name}: its credentials are refused" for name in sorted(refused_by)),
    ]
    if damage is not None:
        reasons.append("the state file is damaged; restore a copy")
    if core.suspended:
        reasons.append("suspended: messages are stored and not answered")
    return Condition(core.serial is not None and core.store_failure is None, tuple(reasons))


def _reasons_to_wait(core: CoreHealth) -> list[str]:
    reasons: list[str] = []
    if core.serial is None:
        reasons.append("no configuration is live yet")
    if core.store_failure is not None:
        reasons.append("the database cannot be written")
    return reasons


def _reasons_of_bundle(core: CoreHealth, bundle: BundleStatus) -> list[str]:
    reasons: list[str] = []
    if bundle.last_refusal is not None:
        reasons.append(f"bundle {bundle.last_refusal.code}: {bundle.last_refusal.reason}")
    fault = bundle.last_error
    if (
        fault is not None
        and fault != bundle.last_refusal
        and (core.serial is None or fault.code not in _HARMLESS_FAULTS)
    ):
        reasons.append(f"bundle {fault.code}: {fault.reason}")
    return reasons
