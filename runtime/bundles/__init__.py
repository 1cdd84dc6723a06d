"""Signed bundles in a runtime: fetched, verified, activated, kept on disk. The format itself is ``flow_engine.bundle``.

source (network) -> keeper (verify, activate, keep) <- cache (disk);  ``polling`` asks again and again.
"""
