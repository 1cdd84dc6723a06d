"""Kept bundles after the tenant got another key: they open without the one that they were made under.

The order of the keys file does not say which key stays, since a runtime may still have the order of before: the newer
bundle says it. A key that retires is given nothing that it did not open: what was renewed meanwhile stays shut to it.
"""

from __future__ import annotations

import logging

from flow_engine.bundle import Bundle
from runtime.bundles.cache import BundleCache
from runtime.bundles.floor import Floor
from runtime.bundles.trust import Trust

log = logging.getLogger(__name__)


def open_with_key_of(newer: Bundle, cache: BundleCache, trust: Trust) -> None:
    """Keep the secrets of every kept bundle under the key of ``newer``. Blocking; raises ``OSError``.

    To be called while the file has the older key and the newer one, which is until a release under the newer one is
    live. One that cannot be opened now is left as it is.
    """
    for cached in cache.load():
        try:
            bundle = trust.open(cached.envelope, Floor())
            again = trust.seal_again(bundle, cached.again, newer)
        except Exception as error:  # noqa: BLE001 - no kept bundle, whatever is wrong with it, keeps a newer one out
            log.info("a kept bundle stays under the keys it has (%s)", type(error).__name__)
            continue
        if again is not None:
            cache.store_secrets_again(again, bundle.serial)
