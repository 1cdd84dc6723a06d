"""What requests name: the keys of one business's rows, made by the verbs that make them in life."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final

from django.db import models
from django.utils import timezone

from flow_engine.vocabulary import JSONObject
from platform_admin.authoring.models import SharedDraft
from platform_admin.business import actions as business
from platform_admin.commands.actions import queue_command
from platform_admin.commands.kinds import CommandKind
from platform_admin.fleet.backups.store import CopyName
from platform_admin.fleet.backups.tickets import Way, ticket_for
from platform_admin.flows import actions as flows
from platform_admin.flows.models import FlowCase, FlowDraft
from platform_admin.flows.queries import main_flow
from platform_admin.knowledge import actions as knowledge
from platform_admin.observability.models import UnansweredQuestion
from platform_admin.people.models import Invitation
from platform_admin.privacy.exports import take_export
from platform_admin.releases.models import TenantSettings
from platform_admin.tenants.models import Membership, Role, RuntimeToken, Tenant, User
from tests.platform_admin.business import COMMAND
from tests.platform_admin.isolation.bodies import archive_bytes
from tests.platform_admin.isolation.table_rows import rows_of
from tests.platform_admin.sight.seeded import CONTACT

COPIED_AT: Final = datetime(2026, 1, 5, 12, tzinfo=UTC)
"""When the copies were made that the tickets are for."""


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
    settings_revision: int
    expected: int
    exported_id: str
    ticket_in: str
    ticket_out: str
    invitation: str = ""
    member: str = ""
    link: str = ""
    token: str = ""
    calendar_url: str = ""


def objects_of(tenant: Tenant, mark: str = "") -> Objects:
    flow = main_flow(tenant)
    assert flow is not None
    text = CASE.format(description=json.dumps(f"a case {mark}"))
    case = flows.save_case(flow=flow, name="case.yaml", text=text, by=COMMAND)
    first = knowledge.save_draft(tenant=tenant, markdown=f"# First {mark}\n", by=COMMAND)
    knowledge.keep_version(document=first, by=COMMAND)
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
    copy = CopyName(tenant.slug, COPIED_AT)
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
        settings_revision=TenantSettings.objects.for_tenant(tenant).get().revision,
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
        settings_revision=like.settings_revision,
        expected=99_999_999,
        exported_id=str(uuid.UUID(int=2)),
        ticket_in="no-such-ticket",
        ticket_out="no-such-ticket",
        invitation="99999999",
        member="99999999",
        link="99999999",
        token="99999999",
    )
