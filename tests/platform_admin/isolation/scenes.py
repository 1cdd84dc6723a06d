"""What has to be there before a row can succeed, made just before it is asked, by the verbs that make it in life.

A scene returns what only it knows: values for parameters of the address, and fields of the form.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from django.test import Client
from django.utils import timezone
from django_otp.oath import TOTP

from connectors.whatsapp.template_definition import APPROVED
from flow_engine.vocabulary import JSONObject
from platform_admin.authoring.models import SharedDraft
from platform_admin.authoring.sharing.links import share, token_of
from platform_admin.connect.actions import connect
from platform_admin.jobs.models import Job
from platform_admin.message_templates.models import MessageTemplate
from platform_admin.people import sessions
from platform_admin.people.actions.invitations import invitation_to_send, invite
from platform_admin.people.actions.links import issue_link
from platform_admin.people.actions.second_factor import confirm, key_to_set_up
from platform_admin.people.authenticator_app import DIGITS, STEP_S
from platform_admin.people.models import OneTimeLink
from platform_admin.releases.actions import stage
from platform_admin.releases.models import Proposal
from platform_admin.releases.proposals import propose
from platform_admin.tenants.lifecycle import ask_to_delete
from platform_admin.tenants.models import Membership, Role, Tenant, User
from platform_admin.whatsapp.connecting import connect_number
from tests.fakes.radicale_server import PASSWORD as CALENDAR_PASSWORD
from tests.fakes.radicale_server import USER as CALENDAR_USER
from tests.platform_admin.business import COMMAND, provisioned
from tests.platform_admin.isolation.objects import Objects
from tests.platform_admin.isolation.table_rows import rows_of

PASSWORD: Final = "a long enough password"
NEW_PASSWORD: Final = "a brand new and longer one"
NUMBER: Final = "1234567890"
"""A number at Meta."""
TOKEN: Final = "EAA-own"
"""The access token that Meta shows it to."""
GUEST: Final = "guest@example.com"


@dataclass(frozen=True, slots=True)
class Scene:
    """Who asks, by which browser, and for whose objects. ``person`` is ``None`` for who is not signed in."""

    client: Client
    person: User | None
    objects: Objects


type Given = Callable[[Scene], Mapping[str, str]]


def _person(scene: Scene) -> User:
    return scene.person or User.objects.create_user(GUEST, PASSWORD)


def _token(address: str) -> str:
    return address.rstrip("/").rpartition("/")[2]


def link_for(purpose: OneTimeLink.Purpose, email: str = "") -> Given:
    """A link in a mail to who asks."""

    def given(scene: Scene) -> Mapping[str, str]:
        return {"token": _token(issue_link(user=_person(scene), purpose=purpose, now=timezone.now(), email=email))}

    return given


def invited(scene: Scene) -> Mapping[str, str]:
    """An invitation to the business: to who asks, or to somebody else where she is one of its people already."""
    person = scene.person
    email = person.email if person and not person.memberships.exists() else GUEST
    row = invite(tenant=scene.objects.tenant, email=email, role=Role.EDITOR, by=COMMAND, now=timezone.now())
    sent = invitation_to_send(pk=row.pk, now=timezone.now())
    assert sent is not None
    return {"token": _token(sent[1])}


def opened(given: Given, path: str) -> Given:
    """The link was opened: its token is in the session, no longer in an address."""

    def then(scene: Scene) -> Mapping[str, str]:
        answer = scene.client.get(f"/{path}/{given(scene)['token']}/")
        assert answer.status_code == 302
        assert answer["Location"] == f"/{path}/"
        return {}

    return then


def _code(key: str, *, later: int = 0) -> str:
    """The code that an app shows; ``later`` steps on, where the present one was shown already."""
    totp = TOTP(base64.b32decode(key), step=STEP_S, digits=DIGITS)
    totp.time = timezone.now().timestamp() + later * STEP_S
    return f"{totp.token():0{DIGITS}d}"


def first_code(scene: Scene) -> Mapping[str, str]:
    return {"code": _code(key_to_set_up(user=_person(scene)))}


def second_factor(scene: Scene) -> Mapping[str, str]:
    """Set up, by a person who is signed in on the page, which lets the session pass from then on.

    The next code is the one to show, for the present one is used up.
    """
    person = _person(scene)
    key = key_to_set_up(user=person)
    if scene.person is None:
        assert confirm(user=person, code=_code(key), present_session=None, now=timezone.now()) is not None
    else:
        assert scene.client.post("/account/second-step/set-up/", {"code": _code(key)}).status_code == 200
    return {"code": _code(key, later=1)}


def owes_code(scene: Scene) -> Mapping[str, str]:
    """The password was right; the code is asked for."""
    found = second_factor(scene)
    answer = scene.client.post("/sign-in/", {"username": GUEST, "password": PASSWORD})
    assert answer["Location"] == "/sign-in/code/"
    return found


def account(_: Scene) -> Mapping[str, str]:
    User.objects.create_user(GUEST, PASSWORD)
    return {}


def another_session(scene: Scene) -> Mapping[str, str]:
    """The same person on another browser."""
    elsewhere = Client()
    elsewhere.force_login(_person(scene))
    return {"handle": sessions.handle_of(str(elsewhere.session.session_key))}


def staged(scene: Scene) -> Mapping[str, str]:
    stage(tenant=scene.objects.tenant, contacts=["34600111222"], by=COMMAND)
    return {}


def proposed(scene: Scene) -> Mapping[str, str]:
    """By somebody else than who asks, and nothing else waits."""
    rows_of(Proposal, scene.objects.tenant).delete()
    other = User.objects.create_superuser("another.operator@example.com", PASSWORD)
    return {"proposal": str(propose(tenant=scene.objects.tenant, by=other).pk)}


def asked_to_delete(scene: Scene) -> Mapping[str, str]:
    ask_to_delete(tenant=scene.objects.tenant, typed=scene.objects.tenant.slug, by=COMMAND)
    return {}


def usable_template(scene: Scene) -> Mapping[str, str]:
    template = rows_of(MessageTemplate, scene.objects.tenant).get()
    template.status, template.quality, template.parameters = APPROVED, "", 1
    template.header, template.buttons = None, []
    template.save()
    return {"template": template.name, "language": template.language, "blank_1": "mañana"}


def shared(scene: Scene) -> Mapping[str, str]:
    rows_of(SharedDraft, scene.objects.tenant).delete()
    return {"token": token_of(share(tenant=scene.objects.tenant, by=COMMAND, now=timezone.now()))}


def calendar(scene: Scene) -> Mapping[str, str]:
    """A calendar server on this machine, with the account of the business."""
    block: JSONObject = {
        "type": "caldav", "url": scene.objects.calendar_url, "username": CALENDAR_USER, "timezone": "Europe/Madrid",
    }  # fmt: skip
    secrets = {"password": CALENDAR_PASSWORD}
    connect(tenant=scene.objects.tenant, category="calendar", block=block, secrets=secrets, by=COMMAND)
    return {}


def whatsapp_number(scene: Scene) -> Mapping[str, str]:
    """A number that is not checked yet, with a token that Meta does not take."""
    secrets = {"access_token": "EAA-of-the-scene", "app_secret": "of-the-scene"}
    connect_number(
        tenant=scene.objects.tenant, phone_number_id=NUMBER, waba_id="1111111111", secrets=secrets, by=COMMAND
    )
    return {}


def language_model(scene: Scene) -> Mapping[str, str]:
    """One that answers free questions."""
    connect(tenant=scene.objects.tenant, category="llm", block={"type": "mock_llm"}, secrets={}, by=COMMAND)
    return {}


def new_business(_: Scene) -> Mapping[str, str]:
    """One that has nothing yet."""
    return {"tenant": str(Tenant.objects.create(slug="new", name="New").pk)}


def first_day(scene: Scene) -> Mapping[str, str]:
    """A business that has no conversation yet, in which the person has the role that she has in the other one."""
    tenant = provisioned("new").tenant
    for membership in Membership.objects.filter(user=scene.person, tenant=scene.objects.tenant):
        Membership.objects.create(tenant=tenant, user=membership.user, role=membership.role)
    return {"slug": tenant.slug, "tenant": str(tenant.pk)}


def failed_job(_: Scene) -> Mapping[str, str]:
    job = Job.objects.create(kind="letter", key="failed", due_at=timezone.now(), state=Job.State.FAILED, attempts=5)
    return {"_selected_action": str(job.pk)}
