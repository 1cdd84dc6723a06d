"""The worker's side: whether the letter is still due, what it says, and sending it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from flow_engine.vocabulary import JSONObject
from platform_admin.errors import NotAllowedError
from platform_admin.releases.letters.posting import REPLACED, WAITS
from platform_admin.releases.models import Proposal
from platform_admin.tenants.actor import require_role
from platform_admin.tenants.models import Role, User

type Text = tuple[str, str]
"""The subject, and what stands over the link."""


def send_proposal_letter(payload: JSONObject, _now: datetime) -> str:
    """Send one, in the language of the business; may be repeated. Raises what sending mail raises."""
    about = str(payload["about"])
    rows = Proposal.objects.across_tenants("the worker writes to people of all tenants")
    proposal = rows.select_related("tenant", "release").filter(pk=int(str(payload["proposal"]))).first()
    person, by = (User.objects.filter(pk=int(str(payload[name]))).first() for name in ("person", "by"))
    if proposal is None or person is None or by is None or not _is_due(proposal, person, about):
        return f"{about}: no longer due"
    with override(proposal.tenant.language.partition("-")[0]):
        subject, said = _TEXTS[about](proposal, by.name or by.email)
        note = [_("Note: %(note)s") % {"note": proposal.note}] if proposal.note else []
        link = f"{settings.PUBLIC_URL}{reverse('authoring:publish', args=[proposal.tenant.slug])}"
        body = "\n\n".join([said, *note, _("Look at it here:"), link]) + "\n"
    EmailMessage(subject=" ".join(subject.split()), body=body, to=[person.email]).send()
    return f"{about}: sent"


def _is_due(proposal: Proposal, person: User, about: str) -> bool:
    """What was decided meanwhile waits for nobody, and who has left is told of nothing."""
    if about == WAITS and proposal.state != Proposal.State.OPEN:
        return False
    try:
        require_role(person, tenant=proposal.tenant, role=Role.PUBLISHER if about == WAITS else Role.VIEWER)
    except NotAllowedError:
        return False
    return True


def _waits(proposal: Proposal, by: str) -> Text:
    names = {"person": by, "business": proposal.tenant.name}
    return (
        _("%(business)s: a release waits for you") % names,
        _("%(person)s proposed a release of %(business)s. It goes out once a second person has approved it.") % names,
    )


def _approved(proposal: Proposal, by: str) -> Text:
    serial = "" if proposal.release is None else str(proposal.release.serial)
    names = {"person": by, "business": proposal.tenant.name, "serial": serial}
    return (
        _("%(business)s: your release is published") % names,
        _("%(person)s approved what you proposed. It is published as release %(serial)s.") % names,
    )


def _withdrawn(proposal: Proposal, by: str) -> Text:
    names = {"person": by, "business": proposal.tenant.name}
    return (
        _("%(business)s: your release was not published") % names,
        _("%(person)s declined what you proposed. Nothing was published; all drafts are still there.") % names,
    )


def _replaced(proposal: Proposal, by: str) -> Text:
    names = {"person": by, "business": proposal.tenant.name}
    return (
        _("%(business)s: another release was proposed instead of yours") % names,
        _("%(person)s proposed a newer release, and it took the place of yours. Yours was not published.") % names,
    )


_TEXTS: Final[Mapping[str, Callable[[Proposal, str], Text]]] = {
    WAITS: _waits,
    REPLACED: _replaced,
    Proposal.State.APPROVED.value: _approved,
    Proposal.State.WITHDRAWN.value: _withdrawn,
}
