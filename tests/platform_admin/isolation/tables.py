"""Tables that many requests write together (``Row.changes``)."""

from __future__ import annotations

from typing import Final

AUDIT: Final = ("tenants.auditentry", "tenants.auditchain")
LETTER: Final = ("jobs.job", *AUDIT)
COMMAND: Final = ("commands.runtimecommand", *AUDIT)
RELEASE: Final = ("releases.release", "credentials.useofcredential", *AUDIT)
