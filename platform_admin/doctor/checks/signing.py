"""The signing key can be read, and only by its owner; nothing live was signed by a key that is gone."""

from __future__ import annotations

import stat
from datetime import datetime

from django.conf import settings

from platform_admin.doctor.finding import Finding, bad, good, look
from platform_admin.errors import KeyMaterialError
from platform_admin.releases.signing_key import verifying_keys
from platform_admin.releases.signing_rotation import signed_by_another_key


def signing(_now: datetime) -> Finding:
    try:
        keys = verifying_keys()
    except KeyMaterialError as error:
        return bad(error.message, "Put the key back from its backup (docs/operations.md, Keys).")
    if stat.S_IMODE(settings.SIGNING_KEY_FILE.stat().st_mode) & 0o077:
        return bad("Others may read the signing key's file.", f"chmod 600 {settings.SIGNING_KEY_FILE}")
    trusted = {key.keyid for key in keys}
    others = signed_by_another_key()
    if lost := [release.tenant.slug for release in others if release.keyid not in trusted]:
        remedy = "Run manage.py rotate_signing_key sign-live."
        return bad(f"Live releases signed by a key that is gone: {', '.join(lost)}.", remedy)
    if others:
        remedy = "Finish it: manage.py rotate_signing_key status."
        return look(f"A rotation is under way: {len(others)} live releases have the previous signature.", remedy)
    return good(f"{keys[0].keyid} signs.")
