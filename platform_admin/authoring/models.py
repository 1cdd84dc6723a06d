"""What the authoring app keeps of its own. Drafts and versions belong to ``flows`` and ``knowledge``."""

from __future__ import annotations

from platform_admin.authoring.sharing.shared_draft import SharedDraft

__all__ = ["SharedDraft"]
