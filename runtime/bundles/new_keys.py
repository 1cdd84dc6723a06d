"""Kept bundles after the tenant got another key: they open without the one that they were made under."""

from __future__ import annotations

import logging

from runtime.bundles.cache import BundleCache
from runtime.bundles.floor import Floor
from runtime.bundles.trust import Trust

log = logging.getLogger(__name__)


def open_with_every_key(cache: BundleCache, trust: Trust) -> None:
    """Keep the secrets of every kept bundle under each key of the keys file. Blocking; raises ``OSError``.

    To be called while the file has the older key and the newer one, which is until a release under the newer one is
    live. One that cannot be opened now is left as it is.
    """
    for cached in cache.load():
        try:
            bundle = trust.open(cached.envelope, Floor())
            again = trust.seal_again(bundle, cached.again)
        except Exception as error:  # noqa: BLE001 - no kept bundle, whatever is wrong with it, keeps a newer one out
            log.info("a kept bundle stays under the keys it has (%s)", type(error).__name__)
            continue
        if again is not None:
            cache.store_secrets_again(again, bundle.serial)
