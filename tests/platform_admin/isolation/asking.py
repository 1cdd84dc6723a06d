"""A row of the matrix, asked: the address with its parameters, the request, and the answer as it compares."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from django.apps import apps
from django.db import models
from django.test import Client
from django.urls import NoReverseMatch, reverse

from platform_admin.tenants.models import Membership, Tenant, User
from tests.platform_admin.isolation.objects import Objects
from tests.platform_admin.isolation.routes import Route
from tests.platform_admin.isolation.row import Row
from tests.platform_admin.isolation.table_rows import rows_of, tenant_models

PER_TENANT: Final = frozenset({"serial"})
"""Parameters that count anew in each tenant: the number of another one's row is a number of an own row as well."""

ABSENT: Final = {"serial": "987654", "object_id": "99999999", "id": "99999999"}


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    location: str
    body: bytes
    everything: str
    """Headers and body, to look for the mark in."""


def parameters(
    route: Route, row: Row, objects: Objects, *, known: Mapping[str, str] | None = None, absent: bool = False
) -> dict[str, str]:
    """Values for the address. ``known`` are those of a scene; ``absent`` takes keys that no row has where the tenant
    cannot say them."""
    scene = known or {}
    return {
        name: scene[name] if name in scene else _value(name, route, row, objects, absent=absent)
        for name in route.parameters
    }


def _value(name: str, route: Route, row: Row, objects: Objects, *, absent: bool) -> str:
    if name in row.with_:
        return row.with_[name]
    name = row.from_.get(name, name)
    if name == "slug":
        return objects.tenant.slug
    if name == "conversation_id":
        return objects.conversation
    if absent and name in ABSENT:
        return ABSENT[name]
    match name:
        case "serial":
            return "1"
        case "object_id" | "id":
            return _key_of(route, objects.tenant)
        case "content_type_id":
            return "1"
        case _ if hasattr(objects, name):
            return str(getattr(objects, name))
        case _:
            message = (
                f"{route.name} has the parameter <{name}>, which the matrix cannot fill. Give it in the row "
                f"(with_={{'{name}': …}}), or add it to Objects in world.py with a value of each tenant."
            )
            raise AssertionError(message)


def _key_of(route: Route, tenant: Tenant) -> str:
    model = _admin_model(route.name)
    if model is None:
        return "1"
    if model is Tenant:
        return str(tenant.pk)
    if model is User:
        return str(Membership.objects.filter(tenant=tenant).values_list("user", flat=True)[0])
    row = rows_of(model, tenant if model in set(tenant_models()) else None).first()
    return "1" if row is None else str(row.pk)


def _admin_model(name: str) -> type[models.Model] | None:
    """``admin:flows_flowversion_change`` is a page of ``flows.FlowVersion``."""
    words = name.partition(":")[2].rpartition("_")[0]
    for model in apps.get_models():
        if words == f"{model._meta.app_label}_{model._meta.model_name}":
            return model
    return None


@contextmanager
def forgetful(client: Client) -> Iterator[None]:
    """What answers leave in the browser, such as a message for the next page, is forgotten after the block."""
    cookies = copy.deepcopy(client.cookies)
    try:
        yield
    finally:
        client.cookies = cookies


def ask(
    client: Client,
    row: Row,
    route: Route,
    values: Mapping[str, str],
    objects: Objects,
    known: Mapping[str, str] | None = None,
) -> Answer:
    """What only the scene knows, and the address does not say, is a field of the form."""
    fields = {name: value for name, value in (known or {}).items() if name not in route.parameters}
    with forgetful(client):
        return _ask(client, row, route, values, objects, fields)


def _ask(
    client: Client,
    row: Row,
    route: Route,
    values: Mapping[str, str],
    objects: Objects,
    fields: Mapping[str, str],
) -> Answer:
    address = address_of(route, values)
    query = row.query(objects) if row.query else {}
    if row.method == "GET":
        answer = client.get(address, query)
    else:
        sent: Any = row.sends(objects) if row.sends else {}
        sent = {**sent, **fields} if fields else sent
        raw = sent if isinstance(sent, bytes) else json.dumps(sent).encode() if row.as_json else None
        headers = dict(row.headers(raw or b"")) if row.headers else {}
        if row.method == "PUT":
            answer = client.put(address, raw or b"", content_type="application/octet-stream", headers=headers)
        elif raw is None:
            answer = client.post(address, sent, headers=headers)
        else:
            answer = client.post(address, raw, content_type="application/json", headers=headers)
    body = b"".join(answer) if answer.streaming else answer.content
    everything = f"{answer.headers}\n{body.decode(errors='replace')}"
    return Answer(answer.status_code, answer.headers.get("Location", ""), _steady(body), everything)


def address_of(route: Route, values: Mapping[str, str]) -> str:
    try:
        return reverse(route.name, kwargs=dict(values))
    except NoReverseMatch:
        address = route.pattern
        for name, value in values.items():
            address = re.sub(rf"<(\w+:)?{name}>|\(\?P<{name}>.*?\)", value, address)
        return "/" + address.replace("^", "").replace("$", "")


_ONCE: Final = re.compile(rb'(nonce|csrfmiddlewaretoken)("?[^>"]{0,20}"?=?)"[^"]*"|value="[A-Za-z0-9]{64}"')


def _steady(body: bytes) -> bytes:
    """Without what is new in every answer: the nonce and the form's token."""
    return _ONCE.sub(b"", body)


def plain(answer: Answer, values: Mapping[str, str]) -> tuple[int, str, bytes]:
    """Without what who asked wrote into the address, where an answer says an address again."""
    location, body = answer.location, answer.body
    for value in values.values():
        location = re.sub(rf"/{re.escape(value)}(?=/|$)", "/…", location)
        body = body.replace(f"/{value}/".encode(), b"/.../")
    return answer.status, location, body
