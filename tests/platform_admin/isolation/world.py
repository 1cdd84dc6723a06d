"""Two businesses with something in every table, the people of the first, and a mark in every text of the second."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from django.test import Client

from flow_engine.vocabulary import JSONObject
from platform_admin.connect.actions import connect
from platform_admin.tenants.actions import issue_runtime_token
from platform_admin.tenants.models import Membership, Role, Tenant, User
from tests.platform_admin.business import COMMAND, provisioned
from tests.platform_admin.isolation.marks import CANARY, mark_every_text
from tests.platform_admin.isolation.objects import Objects, objects_of, with_keys
from tests.platform_admin.isolation.row import MEMBERS, Who
from tests.platform_admin.isolation.table_rows import fill_empty_tables
from tests.platform_admin.sight.seeded import seed

WEBHOOK_SECRET: Final = "whsec_bWF0cml4LW9ubHktd2ViaG9vay1zZWNyZXQtISE="


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
