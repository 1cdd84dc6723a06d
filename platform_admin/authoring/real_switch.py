"""The switch on the phone that lets a chat ask the business's own connections, and the words of who pressed it.

It is on for one page of one person, for half an hour: the page keeps a signed word of it and loses it when it is left.
Each time it is switched is in the trail.
"""

from __future__ import annotations

import secrets
from typing import Final

from django.conf import settings
from django.core import signing
from django.core.cache import cache
from django.db import transaction
from django.utils.translation import gettext as _

from connectors.registry import ConnectorRegistry
from flow_engine.vocabulary import JSON
from platform_admin.authoring.draft_access import stored_settings
from platform_admin.authoring.phone.real_world import RealWorld
from platform_admin.authoring.phone.sandbox import Business
from platform_admin.authoring.places import Visit
from platform_admin.credentials.purpose import Purpose
from platform_admin.errors import ControlPlaneError
from platform_admin.releases.stored_connections import open_block, real_categories
from platform_admin.tenants import audit
from platform_admin.tenants.actor import require_role
from platform_admin.tenants.models import Role

LASTS_S: Final = 30 * 60
"""A word that was forgotten in an open page asks nobody after this."""

_SALT: Final = "authoring.real-switch"
_NONCE_BYTES: Final = 12


class SwitchedOffError(ControlPlaneError):
    """The word is none, or too old, or of somebody else: the page's switch is off again."""


class NothingConnectedError(ControlPlaneError):
    """There is no connection that reaches anybody."""


@transaction.atomic
def switch_on(visit: Visit) -> str:
    """The page's word for it. Needs a publisher. Raises ``NothingConnectedError``."""
    require_role(visit.user, tenant=visit.tenant, role=Role.PUBLISHER)
    categories = asked_for_real(visit)
    if not categories:
        raise NothingConnectedError(_("Nothing is connected that could be asked. Connect your calendar first."))
    details: dict[str, JSON] = {"asks": list(categories)}
    audit.record(
        by=visit.user, verb="let the phone ask for real", subject="phone", tenant=visit.tenant, details=details
    )
    word = [visit.tenant.pk, visit.user.pk, secrets.token_urlsafe(_NONCE_BYTES)]
    return signing.dumps(word, salt=_SALT)


@transaction.atomic
def switch_off(visit: Visit) -> None:
    """For the trail; the word ends with the page that knows it. Needs a publisher."""
    require_role(visit.user, tenant=visit.tenant, role=Role.PUBLISHER)
    audit.record(by=visit.user, verb="let the phone pretend again", subject="phone", tenant=visit.tenant)


def asked_for_real(visit: Visit) -> tuple[str, ...]:
    """The connections that the switch would let a chat ask."""
    return real_categories(stored_settings(visit))


def real_world(visit: Visit, word: str, business: Business, *, chat: int) -> RealWorld:
    """What the chat may ask; ``chat`` counts the beginnings on this page. Raises ``SwitchedOffError``."""
    require_role(visit.user, tenant=visit.tenant, role=Role.PUBLISHER)
    try:
        said = signing.loads(word, salt=_SALT, max_age=LASTS_S)
    except signing.BadSignature as error:
        raise SwitchedOffError(_("Your connections are not asked any more. Switch it on again.")) from error
    if said[:2] != [visit.tenant.pk, visit.user.pk]:
        raise SwitchedOffError(_("Your connections are not asked any more. Switch it on again."))
    categories = asked_for_real(visit)

    def build() -> ConnectorRegistry:
        return ConnectorRegistry.from_config(
            {
                category: open_block(visit.tenant, category, purpose=Purpose.TRYING_OUT, by=visit.user)
                for category in categories
            },
            knowledge=business.knowledge,
            business=business.facts,
            egress=settings.PROBE_EGRESS,
        )

    return RealWorld(f"{said}:{chat}", categories, build, _Remembered())


class _Remembered:
    """Answers in this process's cache, as long as the word holds."""

    def get(self, key: str) -> JSON:
        value: JSON = cache.get(f"{_SALT}.{key}")
        return value

    def set(self, key: str, value: JSON) -> None:
        cache.set(f"{_SALT}.{key}", value, LASTS_S)
