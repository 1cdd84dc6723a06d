"""Whether a start could still begin with a kept bundle."""

from __future__ import annotations

import logging

from runtime.bundles.cache import CachedBundle
from runtime.bundles.floor import Floor
from runtime.bundles.trust import Trust

log = logging.getLogger(__name__)


def still_opens(cached: CachedBundle, trust: Trust) -> bool:
    """It is whole, signed by a key that is believed, and its secrets open. Blocking; never raises."""
    try:
        trust.config(trust.open(cached.envelope, Floor()), cached.again)
    except Exception as error:  # noqa: BLE001 - no kept bundle, whatever is wrong with it, keeps a newer one out
        log.warning("a kept bundle no longer opens (%s)", type(error).__name__)
        return False
    return True
