"""What is different between two versions, in sentences. Pure functions over plain documents: no tables, no requests."""

from __future__ import annotations

from platform_admin.changes.business import business_changes
from platform_admin.changes.change import Area, Change
from platform_admin.changes.flow import flow_changes
from platform_admin.changes.knowledge import knowledge_changes
from platform_admin.changes.settings import settings_changes

__all__ = ["Area", "Change", "business_changes", "flow_changes", "knowledge_changes", "settings_changes"]
