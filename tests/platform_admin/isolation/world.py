"""Two businesses with something in every table, the people of the first, and a mark in every text of the second."""

from __future__ import annotations

import io
import itertools
import json
import uuid
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Final

from django.apps import apps
from django.db import models
from django.test import Client
from django.utils import timezone

from flow_engine.vocabulary import JSONObject
from platform_admin.authoring.models import SharedDraft
from platform_admin.business import actions as business
from platform_admin.commands.actions import queue_command
from platform_admin.commands.kinds import CommandKind
from platform_admin.connect.actions import connect
from platform_admin.fleet.backups.store import CopyName
from platform_admin.fleet.backups.tickets import Way, ticket_for
from platform_admin.flows import actions as flows
from platform_admin.flows.models import FlowCase, FlowDraft
from platform_admin.flows.queries import main_flow
from platform_admin.knowledge import actions as knowledge
from platform_admin.observability.models import UnansweredQuestion
from platform_admin.people.models import Invitation
from platform_admin.privacy.exports import take_export
from platform_admin.tenants.actions import issue_runtime_token
from platform_admin.tenants.models import Membership, Role, RuntimeToken, Tenant, User
from tests.platform_admin.business import COMMAND, provisioned
from tests.platform_admin.isolation.row import MEMBERS, Who
from tests.platform_admin.reports import report
from tests.platform_admin.sight.seeded import CONTACT, seed

CANARY: Final = "zqXcanaryXqz"
"""In every text of the other business. Letters alone, so that it survives every kind of escaping."""

WEBHOOK_SECRET: Final = "whsec_bWF0cml4LW9ubHktd2ViaG9vay1zZWNyZXQtISE="

CASE: Final = "description: {description}\nsteps:\n  - say: hola\n    state: MENU\n"


@dataclass(frozen=True, slots=True)
class Objects:
    """What requests are made of: the keys of one tenant's rows, or of none at all (``Nowhere``)."""

    tenant: Tenant
    flow_draft: FlowDraft
    contact: str
    conversation: str
    task: str
    dead_letter: str
    question: str
    case_id: str
    command_id: str
    faq_revision: int
    hours_revision: int
    expected: int
    exported_id: str
    ticket_in: str
    ticket_out: str
    invitation: str = ""
    member: str = ""
    link: str = ""
    token: str = ""
    calendar_url: str = ""


@dataclass(frozen=True, slots=True)
class World:
    own: Objects
    foreign: Objects
    people: dict[Who, User]
    clients: dict[Who, Client]


def build_world(calendar_url: str = "") -> World:
    """Everything is made by the verbs that make it in life; what no verb makes gets a row by its fields."""
    luna = provisioned("luna", name="Peluquería Luna").tenant
    sol = provisioned("sol", name="Taller Sol").tenant
    for tenant in (luna, sol):
        connect_webhook(tenant)
    seed(luna)
    seed(sol, mark=CANARY)
    own, foreign = objects_of(luna), objects_of(sol, mark=CANARY)
    people = _people(luna)
    _stranger_of(sol)
    for tenant in (luna, sol):
        fill_empty_tables(tenant)
    own, foreign = (replace(with_keys(objects), calendar_url=calendar_url) for objects in (own, foreign))
    mark_every_text(sol)
    clients = {who: _client_of(person) for who, person in people.items()}
    clients[Who.ANONYMOUS] = Client()
    token = issue_runtime_token(tenant=luna, by=COMMAND).clear
    clients[Who.RUNTIME] = Client(headers={"Authorization": f"Bearer {token}"})
    return World(own, foreign, people, clients)


def connect_webhook(tenant: Tenant) -> None:
    webhook: JSONObject = {"type": "webhook", "url": "https://desk.example.org/notices"}
    connect(tenant=tenant, category="notification", block=webhook, secrets={"secret": WEBHOOK_SECRET}, by=COMMAND)


def _client_of(person: User) -> Client:
    """Signed in as far as the pages ask for it."""
    client = Client()
    client.force_login(person)
    return client


def _people(tenant: Tenant) -> dict[Who, User]:
    people = {Who.OPERATOR: User.objects.create_superuser("operator@example.com", "a long enough password")}
    for who in MEMBERS:
        people[who] = User.objects.create_user(f"{who}@example.com", "a long enough password", is_staff=True)
        Membership.objects.create(tenant=tenant, user=people[who], role=Role(str(who)))
    return people


def _stranger_of(tenant: Tenant) -> None:
    stranger = User.objects.create_user(f"{CANARY}@example.com".lower(), "a long enough password", name=CANARY)
    Membership.objects.create(tenant=tenant, user=stranger, role=Role.OWNER)


def objects_of(tenant: Tenant, mark: str = "") -> Objects:
    flow = main_flow(tenant)
    assert flow is not None
    text = CASE.format(description=json.dumps(f"a case {mark}"))
    case = flows.save_case(flow=flow, name="case.yaml", text=text, by=COMMAND)
    faq = knowledge.save_draft(tenant=tenant, markdown=f"# Luna {mark}\n\nAbrimos.\n", by=COMMAND)
    expected = knowledge.expect(tenant=tenant, question=f"¿Abren? {mark}", heading="", by=COMMAND)
    hours = business.save_draft(tenant=tenant, document={"hours": {"mon": ["10:00-14:00"]}}, by=COMMAND)
    business.keep_version(tenant=tenant, by=COMMAND)
    # The second has its archive, the first waits for it.
    payload: JSONObject = {"contact": CONTACT}
    asked, exported = (
        queue_command(tenant=tenant, kind=CommandKind.EXPORT_CONTACT, payload=payload, by=COMMAND) for _ in range(2)
    )
    take_export(tenant=tenant, command_id=exported.public_id, content=archive_bytes(), now=timezone.now())
    copy = CopyName(tenant.slug, datetime(2026, 1, 5, 12, tzinfo=UTC))
    return Objects(
        tenant=tenant,
        flow_draft=FlowDraft.objects.for_tenant(tenant).get(flow=flow),
        contact=CONTACT,
        conversation=f"conv{mark}",
        task=f"k1{mark}",
        dead_letter=f"outbound:1{mark}",
        question=str(UnansweredQuestion.objects.for_tenant(tenant).values_list("pk", flat=True)[0]),
        case_id=str(FlowCase.objects.for_tenant(tenant).get(pk=case.pk).pk),
        command_id=str(asked.public_id),
        faq_revision=faq.revision,
        hours_revision=hours.revision,
        expected=expected.pk,
        exported_id=str(exported.public_id),
        ticket_in=ticket_for(copy, Way.IN),
        ticket_out=ticket_for(copy, Way.OUT),
    )


def with_keys(objects: Objects) -> Objects:
    """The rows that are there only once the people are, and the empty tables filled."""
    tenant = objects.tenant
    helper = User.objects.create_user(f"helper@{tenant.slug}.example.com", "a long enough password")
    Membership.objects.create(tenant=tenant, user=helper, role=Role.VIEWER)
    return replace(
        objects,
        invitation=_key(Invitation, tenant),
        member=str(helper.pk),
        link=_key(SharedDraft, tenant),
        token=_key(RuntimeToken, tenant),
    )


def _key(model: type[models.Model], tenant: Tenant) -> str:
    return str(rows_of(model, tenant).values_list("pk", flat=True)[0])


def nowhere(like: Objects) -> Objects:
    """Keys of the same shape that lead nowhere."""
    return Objects(
        tenant=Tenant(slug="nowhere", name="Nowhere"),
        flow_draft=like.flow_draft,
        contact="c-0000000000000-99",
        conversation="no-such-conversation",
        task="no-such-task",
        dead_letter="outbound:999",
        question="99999999",
        case_id="99999999",
        command_id=str(uuid.UUID(int=1)),
        faq_revision=like.faq_revision,
        hours_revision=like.hours_revision,
        expected=99_999_999,
        exported_id=str(uuid.UUID(int=2)),
        ticket_in="no-such-ticket",
        ticket_out="no-such-ticket",
        invitation="99999999",
        member="99999999",
        link="99999999",
        token="99999999",
    )


def tenant_models() -> Iterator[type[models.Model]]:
    """Every model whose rows name a tenant."""
    for model in apps.get_models():
        if any(field.name == "tenant" and field.related_model is Tenant for field in model._meta.fields):
            yield model


def rows_of(model: type[models.Model], tenant: Tenant | None = None) -> models.QuerySet[Any]:
    """Past every scope: the matrix is who looks behind all of them."""
    rows: models.QuerySet[Any] = models.QuerySet(model)
    return rows if tenant is None else rows.filter(tenant=tenant)


def fill_empty_tables(tenant: Tenant) -> None:
    with_tenant = set(tenant_models())
    ours = [*with_tenant, *(model for model in apps.get_models() if model._meta.app_label in {"jobs", "whatsapp"})]
    for _round in range(3):  # a row may need one of another table that is empty as well
        for model in ours:
            if not rows_of(model, tenant if model in with_tenant else None).exists():
                _make_row(model, tenant)
    empty = [model._meta.label for model in tenant_models() if not rows_of(model, tenant).exists()]
    assert empty == [], f"the world has no row of {empty}; make one in objects_of() by the verb that makes it in life"


def _make_row(model: type[models.Model], tenant: Tenant) -> None:
    values: dict[str, Any] = {}
    for field in model._meta.fields:
        if field.primary_key or field.has_default() or getattr(field, "auto_now_add", False):
            continue
        if isinstance(field, models.ForeignKey):
            related = field.related_model
            assert isinstance(related, type)
            if related is Tenant:
                values[field.name] = tenant
            elif not field.null:
                with_tenant = related in set(tenant_models())
                found = rows_of(related, tenant if with_tenant else None).first()
                if found is None:
                    return
                values[field.name] = found
        elif not field.null:
            values[field.name] = _value_for(field, tenant)
    rows_of(model).bulk_create([model(**values)])


_numbers = itertools.count(1)


def _value_for(field: models.Field[Any, Any], tenant: Tenant) -> object:
    if field.choices:
        return next(iter(field.flatchoices))[0]
    match field:
        case models.EmailField():
            return f"someone{next(_numbers)}@{tenant.slug}.example.com"
        case models.UUIDField():
            return uuid.uuid4()
        case models.DateTimeField():
            return timezone.now()
        case models.DateField():
            return timezone.localdate()
        case models.BooleanField():
            return False
        case models.IntegerField() | models.FloatField() | models.DecimalField():
            return next(_numbers)
        case models.BinaryField():
            return b"bytes"
        case models.JSONField():
            return {}
        case models.GenericIPAddressField():
            return "192.0.2.1"
        case _:
            return f"{tenant.slug}{next(_numbers)}"[: field.max_length or None]


def mark_every_text(tenant: Tenant, mark: str = CANARY, *, but: frozenset[str] = frozenset()) -> int:
    """The mark at the end of every text of the tenant's rows. Returns how many values hold it now.

    ``but`` names columns that are left alone (``app_label.model.column``).
    """
    marked = 0
    for model in tenant_models():
        for row in list(rows_of(model, tenant)):
            changed = {
                field.attname: value
                for field in model._meta.concrete_fields
                if f"{model._meta.label_lower}.{field.name}" not in but
                and (value := _marked(field, field.value_from_object(row), mark)) is not None
            }
            if changed:
                models.QuerySet(model).filter(pk=row.pk).update(**changed)
                marked += len(changed)
    models.QuerySet(Tenant).filter(pk=tenant.pk).update(name=f"{tenant.name} {mark}")
    return marked + 1


def _marked(field: models.Field[Any, Any], value: Any, mark: str) -> Any:
    """``None`` where there is nothing to mark: no text, a choice, a key that other rows are found by."""
    if field.choices or field.primary_key or field.is_relation or field.unique or not value:
        return None
    if isinstance(field, models.JSONField):
        marked = _marked_json(value, mark)
        return None if marked == value else marked
    if isinstance(field, (models.CharField, models.TextField)) and mark not in value:
        room = (field.max_length or 10**6) - len(mark)
        return f"{value[:room]}{mark}" if room > 0 else None  # the last four characters of a key have none
    return None


def _marked_json(value: Any, mark: str) -> Any:
    match value:
        case str():
            return value if mark in value else value + mark
        case list():
            return [_marked_json(item, mark) for item in value]
        case dict():
            return {key: _marked_json(item, mark) for key, item in value.items()}
        case _:
            return value


def report_bytes() -> bytes:
    return json.dumps(report(str(uuid.uuid4()))).encode()


def archive_bytes() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        file.writestr("contact.json", "{}")
    return buffer.getvalue()
