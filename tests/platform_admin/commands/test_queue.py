from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError

from flow_engine.vocabulary import JSONObject
from platform_admin.commands import actions
from platform_admin.commands.actions import CommandResult, hand_out, note_results, queue_command
from platform_admin.commands.kinds import RULES, CommandKind
from platform_admin.commands.models import RuntimeCommand
from platform_admin.errors import LimitReachedError, NotAllowedError
from platform_admin.tenants.models import AuditEntry, Role, Tenant, User
from tests.platform_admin.business import COMMAND

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
State = RuntimeCommand.State


def payload_for(kind: CommandKind) -> JSONObject:
    return dict.fromkeys((*RULES[kind].keys, *RULES[kind].one_of[:1]), "x")


def queue(tenant: Tenant, kind: CommandKind = CommandKind.BACKUP, **options: datetime) -> RuntimeCommand:
    payload = payload_for(kind)
    return queue_command(tenant=tenant, kind=kind, payload=payload, by=COMMAND, **options)


def state_of(command: RuntimeCommand) -> str:
    command.refresh_from_db()
    return command.state


def test_every_kind_has_its_rule() -> None:
    assert set(RULES) == set(CommandKind)


def test_commands_go_out_in_the_order_they_were_queued(luna: Tenant, sol: Tenant) -> None:
    first, _, second = queue(luna), queue(sol), queue(luna, CommandKind.DISCARD_STAGED)
    assert hand_out(tenant=luna, now=NOON) == (first, second)
    assert hand_out(tenant=luna, now=NOON) == ()


def test_one_that_was_never_heard_of_again_goes_out_again(luna: Tenant) -> None:
    command = queue(luna)
    hand_out(tenant=luna, now=NOON)
    assert hand_out(tenant=luna, now=NOON + actions.REDELIVER_AFTER) == ()
    assert hand_out(tenant=luna, now=NOON + actions.REDELIVER_AFTER + timedelta(seconds=1)) == (command,)


def test_one_that_is_too_late_is_not_handed_out(luna: Tenant) -> None:
    late, in_time = queue(luna, expires_at=NOON), queue(luna, expires_at=NOON + timedelta(seconds=1))
    assert hand_out(tenant=luna, now=NOON) == (in_time,)
    assert state_of(late) == State.EXPIRED


def test_one_that_was_fetched_in_time_may_take_longer_than_its_fetching(luna: Tenant) -> None:
    copy = queue(luna, expires_at=NOON + timedelta(seconds=60))
    assert hand_out(tenant=luna, now=NOON) == (copy,)
    for minutes in (2, 20, 60):
        assert hand_out(tenant=luna, now=NOON + timedelta(minutes=minutes)) == (copy,)
        assert state_of(copy) == State.DELIVERED
    done = CommandResult(copy.public_id, "done", "", {"handed_over": True})
    assert note_results(tenant=luna, results=[done], now=NOON + timedelta(minutes=29)) == (copy,)
    assert state_of(copy) == State.DONE


def test_one_of_which_nothing_is_heard_is_given_up_and_a_late_word_still_counts(luna: Tenant) -> None:
    copy = queue(luna, expires_at=NOON + timedelta(seconds=60))
    hand_out(tenant=luna, now=NOON)
    given_up = NOON + timedelta(seconds=60) + actions.FINISHED_WITHIN
    assert hand_out(tenant=luna, now=given_up) == ()
    copy.refresh_from_db()
    assert (copy.state, copy.detail) == (State.EXPIRED, "The runtime did not say what became of it.")
    done = CommandResult(copy.public_id, "done", "", None)
    assert note_results(tenant=luna, results=[done], now=given_up) == (copy,)
    assert note_results(tenant=luna, results=[done], now=given_up) == ()
    assert state_of(copy) == State.DONE


def test_the_first_word_about_a_command_counts(luna: Tenant) -> None:
    command = queue(luna)
    done = CommandResult(command.public_id, "done", "all well", {"bytes": 1})
    failed = CommandResult(command.public_id, "failed", "no", None)
    assert note_results(tenant=luna, results=[done], now=NOON) == (command,)
    assert note_results(tenant=luna, results=[failed], now=NOON) == ()
    assert (state_of(command), command.detail, command.result) == (State.DONE, "all well", {"bytes": 1})
    assert hand_out(tenant=luna, now=NOON + timedelta(days=1)) == ()


def test_a_result_for_another_tenants_command_changes_nothing(luna: Tenant, sol: Tenant) -> None:
    command = queue(sol)
    foreign = [CommandResult(command.public_id, "done", "", None), CommandResult(uuid.uuid4(), "done", "", None)]
    assert note_results(tenant=luna, results=foreign, now=NOON) == ()
    assert state_of(command) == State.QUEUED


def test_peoples_words_are_forgotten_once_the_runtime_has_them(luna: Tenant) -> None:
    reply = queue(luna, CommandKind.STAFF_REPLY)
    note_results(tenant=luna, results=[CommandResult(reply.public_id, "done", "", None)], now=NOON)
    reply.refresh_from_db()
    assert reply.payload == {"contact": "x"}


def test_a_reply_that_says_nothing_is_refused(luna: Tenant) -> None:
    with pytest.raises(ValidationError):
        queue_command(tenant=luna, kind=CommandKind.STAFF_REPLY, payload={"contact": "x"}, by=COMMAND)
    assert not RuntimeCommand.objects.for_tenant(luna).exists()


@pytest.mark.parametrize("kind", [kind for kind, rule in RULES.items() if rule.keys])
def test_a_payload_that_lacks_a_key_is_refused(kind: CommandKind, luna: Tenant) -> None:
    with pytest.raises(ValidationError):
        queue_command(tenant=luna, kind=kind, payload={}, by=COMMAND)
    assert not RuntimeCommand.objects.for_tenant(luna).exists()


@pytest.mark.parametrize("kind", list(CommandKind))
def test_each_kind_asks_for_its_role(kind: CommandKind, luna: Tenant, people: dict[str, User]) -> None:
    payload = payload_for(kind)
    for role in Role:
        if role.rank >= RULES[kind].role.rank:
            queue_command(tenant=luna, kind=kind, payload=payload, by=people[role.value])
        else:
            with pytest.raises(NotAllowedError):
                queue_command(tenant=luna, kind=kind, payload=payload, by=people[role.value])
    with pytest.raises(NotAllowedError):
        queue_command(tenant=luna, kind=kind, payload=payload, by=people["stranger"])
    assert RuntimeCommand.objects.for_tenant(luna).count() == len(Role) - RULES[kind].role.rank


def test_a_runtime_that_never_comes_back_does_not_fill_the_database(
    luna: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "MOST_OPEN", 2)
    queue(luna), queue(luna)
    with pytest.raises(LimitReachedError):
        queue(luna)
    assert RuntimeCommand.objects.for_tenant(luna).count() == 2


def test_what_people_ask_for_is_in_the_trail_and_what_customers_write_is_not(luna: Tenant) -> None:
    before = AuditEntry.objects.count()
    queue(luna)
    queue(luna, CommandKind.INBOUND)
    (entry,) = AuditEntry.objects.all()[: AuditEntry.objects.count() - before]
    assert entry.verb == "asked for backup"
