"""``unpublished``: what is written now and not live, in sentences."""

from __future__ import annotations

from flow_engine.vocabulary import JSONObject
from platform_admin.changes import Change, business_changes, flow_changes, knowledge_changes, settings_changes
from platform_admin.releases.models import Release
from platform_admin.releases.settings_document import SettingsDocument
from platform_admin.releases.settings_reading import check_settings


def unpublished(
    live: Release | None, *, flow_text: str, business: JSONObject, faq: str, settings: SettingsDocument | None
) -> tuple[Change, ...]:
    """Between what is live and what is written now; nothing is listed before the first release: everything is new.

    ``settings`` are ``None`` while they have faults.
    """
    if live is None:
        return ()
    old_business = live.business_version.document if live.business_version else {}
    old_faq = live.knowledge_version.markdown if live.knowledge_version else ""
    return (
        *business_changes(old_business, business),
        *flow_changes(live.flow_version.source, flow_text),
        *knowledge_changes(old_faq, faq),
        *_settings_changes(live, settings),
    )


def _settings_changes(live: Release, written: SettingsDocument | None) -> tuple[Change, ...]:
    """Both sides with every default written out: what nobody wrote is no change."""
    old = check_settings(live.settings).document
    if old is None or written is None:
        return ()
    return settings_changes(old.model_dump(mode="json"), written.model_dump(mode="json"))
