"""What the interpreter of a runtime is started with, whoever its tenant is."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]

# What a runtime may see of our own environment: where programs and certificates are, how to write text. Everything
# else, the control plane's keys above all, stays here.
INHERITED = ("PATH", "HOME", "LANG", "LC_ALL", "TZ", "SSL_CERT_FILE", "SSL_CERT_DIR")

LEAN = {"PYTHONOPTIMIZE": "2", "PYTHONNODEBUGRANGES": "1", "MALLOC_ARENA_MAX": "1", "PYTHONUNBUFFERED": "1"}
"""As in the image: about 2 MB less for each tenant at rest (docs/adr/0022)."""


def interpreter_environment(own: Mapping[str, str]) -> dict[str, str]:
    """Out of our own environment; there is nothing of a tenant in it."""
    passed = {name: own[name] for name in INHERITED if name in own}
    if own.get("PYTHONDONTWRITEBYTECODE"):
        # Runtimes need bytecode of another level than ours, and without any every start would compile all of it anew:
        # where it must not lie beside the sources it lies in the checkout's folder for what can be thrown away.
        passed["PYTHONPYCACHEPREFIX"] = str(ROOT / ".frontdesk" / "bytecode")
    return passed | LEAN
