"""Whoever changes something leaves in the trail what it was before and what it is now."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import pytest

from platform_admin.credentials.actions import remove_credential, set_credential
from platform_admin.fleet import actions as fleet
from platform_admin.flows import actions as flows
from platform_admin.flows.queries import main_flow
from platform_admin.knowledge import actions as knowledge
from platform_admin.people.actions import profile, second_factor
from platform_admin.people.actions.accounts import save_user
from platform_admin.releases import actions as releases
from platform_admin.releases import proposals
from platform_admin.releases.models import Release
from platform_admin.tenants.lifecycle import resume, suspend
from platform_admin.tenants.models import AuditEntry, Membership, Role, Tenant, User
from tests.platform_admin.business import COMMAND, FLOW, sources

CONTROL_PLANE: Final = Path(__file__).parents[3] / "platform_admin"

NOTHING_WAS_BEFORE: Final = {
    "created flow", "created operator", "created tenant", "created tenant key", "invited", "issued runtime token",
    "kept business version", "kept flow version", "kept knowledge version", "prepared signing key", "shared draft",
    "made a link to set the account up", "asked for another address", "began upgrade", "accepted invitation",
}  # fmt: skip
"""Something new; the subject and the details say what."""

NOTHING_OF_IT_MAY_BE_KEPT: Final = {
    "changed password", "renewed password", "set a password by link", "set up second factor", "used a recovery code",
    "made new recovery codes", "removed second factor", "rotated platform keys", "erased contact", "deleted tenant",
    "forgot personal parts",
}  # fmt: skip
"""Secrets, and what is gone on purpose."""

NOTHING_CHANGED: Final = {
    "exported tenant", "exported audit trail", "downloaded export", "probed connector", "checked WhatsApp number",
    "signed in",
    "signed out everywhere", "was refused: too many attempts", "asked to erase again", "f'asked for {kind}'",
}  # fmt: skip
"""Somebody looked, came, left, or asked a runtime for something."""

THE_VERB_SAYS_BOTH: Final = {
    "activated signing key", "retired signing key", "resumed upgrade", "restored copy", "took back shared draft",
    "imported tenant", "let the phone ask for real", "let the phone pretend again",
}  # fmt: skip
"""Of an import each draft has an entry of its own."""


def recorded() -> Iterator[tuple[str, bool]]:
    """Every verb of the trail, and whether its entry has a before or an after."""
    for path in CONTROL_PLANE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case ast.Call(func=ast.Attribute(value=ast.Name(id="audit"), attr="record"), keywords=given):
                    values = {keyword.arg: keyword.value for keyword in given}
                    verb = values["verb"]
                    named = str(verb.value) if isinstance(verb, ast.Constant) else ast.unparse(verb)
                    yield named, bool({"before", "after"} & values.keys())
                case _:
                    pass


def test_every_verb_tells_before_and_after_or_why_not() -> None:
    without = {verb for verb, told in recorded() if not told}
    assert without == NOTHING_WAS_BEFORE | NOTHING_OF_IT_MAY_BE_KEPT | NOTHING_CHANGED | THE_VERB_SAYS_BOTH


def told(verb: str) -> tuple[Any, Any]:
    """Before and after in the newest entry with this verb."""
    entry = AuditEntry.objects.filter(verb=verb).latest("pk")
    return entry.before, entry.after


def mark(release: Release) -> dict[str, object]:
    return {"serial": release.serial, "digest": release.digest}


NONE: Final = {"serial": None}


@pytest.mark.django_db
def test_what_becomes_of_releases(luna: Tenant) -> None:
    first = releases.publish(tenant=luna, by=COMMAND, sources=sources())
    assert told("published") == (NONE, mark(first))
    staged = releases.stage(tenant=luna, contacts=["34600000001"], by=COMMAND, sources=sources(FLOW + "# newer\n"))
    assert told("staged") == (NONE, mark(staged))
    again = releases.stage(tenant=luna, contacts=["34600000001"], by=COMMAND, sources=sources(FLOW + "# newest\n"))
    assert told("staged") == (mark(staged), mark(again))
    promoted = releases.promote(tenant=luna, by=COMMAND)
    assert told("promoted") == (mark(first), mark(promoted))
    back = releases.rollback(tenant=luna, to_serial=first.serial, by=COMMAND)
    assert told("rolled back") == (mark(promoted), mark(back))
    other = releases.stage(tenant=luna, contacts=["34600000001"], by=COMMAND, sources=sources())
    releases.discard_staged(tenant=luna, by=COMMAND)
    assert told("discarded staged") == (mark(other), NONE)


@pytest.mark.django_db
def test_what_becomes_of_proposals(luna: Tenant, people: dict[str, User]) -> None:
    live = releases.publish(tenant=luna, by=COMMAND, sources=sources())
    proposals.propose(tenant=luna, by=people["publisher"])
    before, after = told("proposed release")
    assert (before, after["state"], after["pins"]) == (None, "open", ["main 1", "business 1"])
    second = proposals.propose(tenant=luna, by=people["publisher"])
    assert told("proposed release")[0] == [after]
    proposals.withdraw(proposal=second, by=people["owner"])
    assert [side["state"] for side in told("withdrew release")] == ["open", "withdrawn"]
    third = proposals.propose(tenant=luna, by=people["publisher"])
    approved = proposals.approve(proposal=third, by=people["owner"])
    assert told("published") == (mark(live), mark(approved))


@pytest.mark.django_db
def test_what_staff_write(luna: Tenant) -> None:
    releases.publish(tenant=luna, by=COMMAND, sources=sources())
    flow = main_flow(luna)
    assert flow is not None
    flows.save_case(flow=flow, name="case.yaml", text="description: one\n", by=COMMAND)
    case = flows.save_case(flow=flow, name="case.yaml", text="description: two\n", by=COMMAND)
    assert told("saved conversation test") == ("description: one\n", "description: two\n")
    flows.remove_case(case=case, by=COMMAND)
    assert told("removed conversation test") == ("description: two\n", None)
    knowledge.expect(tenant=luna, question="¿Abren?", heading="", by=COMMAND)
    row = knowledge.expect(tenant=luna, question="¿Abren?", heading="Hours", by=COMMAND)
    then, now = {"question": "¿Abren?", "heading": ""}, {"question": "¿Abren?", "heading": "Hours"}
    assert told("saved evaluation question") == (then, now)
    knowledge.expect_no_more(question=row, by=COMMAND)
    assert told("removed evaluation question") == (now, None)


@pytest.mark.django_db
def test_a_credential_that_is_removed_leaves_its_mark_and_no_secret(luna: Tenant) -> None:
    field, value = "connectors.llm.api_key", "not-a-key-of-anybody"
    remove_credential(credential=set_credential(tenant=luna, field=field, value=value, by=COMMAND), by=COMMAND)
    assert told("removed credential") == ({"last4": "body", "expires_on": None}, None)


@pytest.mark.django_db
def test_what_becomes_of_people(luna: Tenant, operator: User, people: dict[str, User]) -> None:
    person = people["viewer"]
    profile.rename(user=person, name="Ana")
    assert told("changed name") == ("", "Ana")
    person.is_active = False
    person.set_password("another long password")
    save_user(user=person, changed=["is_active", "password", "groups"], by=operator)
    assert told("changed user") == ({"is_active": True}, {"is_active": False})
    second_factor.require_for_tenant(tenant=luna, required=True, by=people["owner"])
    assert told("required second factor") == (False, True)
    assert Membership.objects.get(tenant=luna, user=person).role == Role.VIEWER


@pytest.mark.django_db
def test_what_becomes_of_a_tenant_and_its_runtime(luna: Tenant) -> None:
    suspend(tenant=luna, by=COMMAND)
    assert told("suspended tenant") == ("active", "suspended")
    resume(tenant=luna, by=COMMAND)
    assert told("resumed tenant") == ("suspended", "active")
    deployment = fleet.deploy(tenant=luna, by=COMMAND, port=9001)
    running = {
        "desired": "running",
        "port": 9001,
        "driver": "process",
        "place": "",
        "canary": False,
        "volume_until": None,
    }
    assert told("deployed") == (None, running)
    fleet.deploy(tenant=luna, by=COMMAND, canary=True)
    canary = running | {"canary": True}
    assert told("deployed") == (running, canary)
    deployment.refresh_from_db()
    fleet.suspend(deployment=deployment, by=COMMAND)
    stopped = canary | {"desired": "stopped"}
    assert told("suspended") == (canary, stopped)
    fleet.remove(deployment=deployment, by=COMMAND, keep_volume=timedelta(days=1))
    before, after = told("removed")
    assert before == stopped
    assert deployment.volume_until is not None
    assert after == stopped | {"desired": "removed", "volume_until": deployment.volume_until.isoformat()}
