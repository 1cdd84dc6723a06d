"""Every stored secret opens, under the newest platform key; tokens are in use and not about to end."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from platform_admin.credentials.rotation import under_which_keys
from platform_admin.doctor.finding import Finding, bad, good, look
from platform_admin.observability.standing import Standing
from platform_admin.tenants.models import RuntimeToken

_SOON: Final = timedelta(days=7)


def stored_secrets(_now: datetime) -> Finding:
    newest, older, unreadable = under_which_keys()
    if unreadable:
        remedy = "Put the missing key back into FERNET_KEYS, or store these again."
        return bad(f"Not readable with the keys at hand: {', '.join(unreadable)}.", remedy)
    if older:
        return look(f"{older} of {newest + older} secrets lie under an older key.", "Run manage.py rotate_keys.")
    return good(f"{newest} secrets, all under the newest key.")


def credentials(standing: Standing) -> Iterator[Finding]:
    """Those whose end is known; a provider seldom says it by itself."""
    remedy = (
        f"Get a new one from its provider: page Connections of {standing.tenant.slug}, or manage.py set_credential."
    )
    for field, ends in standing.ending_credentials:
        if ends < standing.now.date():
            yield bad(f"{field} ended on {ends}.", remedy)
        else:
            yield look(f"{field} ends on {ends}.", remedy)


def tokens(standing: Standing) -> Iterator[Finding]:
    rows = RuntimeToken.objects.for_tenant(standing.tenant).filter(revoked_at=None)
    live = [token for token in rows if token.expires_at is None or token.expires_at > standing.now]
    renew = f"Run manage.py issue_runtime_token {standing.tenant.slug} --output-file …"
    if not live:
        yield bad("The runtime has no valid token.", renew)
    elif all(token.expires_at and token.expires_at - standing.now < _SOON for token in live):
        yield look("The runtime's token ends within a week.", renew)
    else:
        yield good(f"{len(live)} valid.")
