"""A tenant's texts as one zip, out and in: conversations, tests, FAQ, business settings and settings. Never a secret.

::

    frontdesk.json             {"format": 1, "tenant", "name", "language", "timezone"}
    flows/<name>.yaml          flows/<name>/cases/<test>.yaml
    knowledge.md
    business.yaml
    settings.yaml              channels, connectors, llm, sentences, policies
"""

from __future__ import annotations

from platform_admin.releases.archive.document import Archive, ArchiveError
from platform_admin.releases.archive.exporting import export_tenant
from platform_admin.releases.archive.importing import apply_archive
from platform_admin.releases.archive.previewing import Preview, preview
from platform_admin.releases.archive.reading import read_archive

__all__ = ["Archive", "ArchiveError", "Preview", "apply_archive", "export_tenant", "preview", "read_archive"]
