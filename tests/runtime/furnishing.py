"""What an orchestrator furnishes a runtime with: keys in files, a kept release, addresses, a folder for its state."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from runtime.bundles.cache import BundleCache
from tests.runtime.bundles.bundle_line import TENANT, write_trust

SECRET_FILES: Final = {
    "RUNTIME_TOKEN_FILE": "token",
    "TENANT_FERNET_KEYS_FILE": "fernet",
    "BUNDLE_PUBLIC_KEYS_FILE": "keys.json",
}
"""Variable → the file of ``write_trust`` that it leads to."""


def settings(*, control_plane: str, graph: str) -> dict[str, str]:
    """Of the tenant whose bundles the tests seal; its connectors may call this machine."""
    return {
        "CONTROL_PLANE_URL": control_plane,
        "TENANT_ID": TENANT,
        "GRAPH_BASE_URL": graph,
        "EGRESS_ALLOW": "127.0.0.1/32",
    }


def furnish(folder: Path, envelope: bytes, *, control_plane: str, graph: str) -> dict[str, str]:
    """Write keys and the kept release; the environment of a runtime that starts from them, on a free port."""
    folder.mkdir(exist_ok=True)
    write_trust(folder)
    BundleCache(folder / "state/bundles").store(envelope, 1)
    files = {variable: str(folder / name) for variable, name in SECRET_FILES.items()}
    return (
        settings(control_plane=control_plane, graph=graph) | files | {"STATE_DIR": str(folder / "state"), "PORT": "0"}
    )
