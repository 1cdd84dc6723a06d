"""How many questions the two heaviest pages of a business ask: what grows here is felt by everybody."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from platform_admin.flows import actions as flows
from platform_admin.flows.queries import main_flow
from platform_admin.releases.actions import publish
from platform_admin.releases.sources import Sources, SourceText
from platform_admin.tenants.models import Tenant
from tests.platform_admin.business import COMMAND, FLOW, KNOWLEDGE

pytestmark = pytest.mark.django_db

MOST = 30
"""Of any page (`make bench ONLY=admin`)."""


@pytest.mark.parametrize("place", ["", "publish/"])
def test_a_page_asks_few_questions_however_much_is_written(as_operator: Client, luna: Tenant, place: str) -> None:
    publish(tenant=luna, by=COMMAND, sources=Sources(flow=SourceText(FLOW, "main.yaml"), knowledge=KNOWLEDGE))
    flow = main_flow(luna)
    assert flow is not None
    flows.save_draft(flow=flow, text=FLOW.replace("De 10:00 a 20:00.", "De 9:00 a 20:00."), by=COMMAND)
    address = f"/admin/authoring/luna/{place}"
    as_operator.get(address)  # what is remembered from then on is not counted
    with CaptureQueriesContext(connection) as asked:
        assert as_operator.get(address).status_code == 200
    assert len(asked) <= MOST, "\n".join(query["sql"][:120] for query in asked)
