"""Limits, stop words and hand-overs: what the gate lets through a runtime takes, and what it would refuse is told."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flow_engine.vocabulary import JSONObject
from platform_admin.errors import HasFaultsError
from platform_admin.releases.actions import publish
from platform_admin.releases.models import Release, TenantSettings
from platform_admin.releases.policy_documents import MOST, MOST_MINUTES, HandoffShape, LimitsShape, OptOutShape
from platform_admin.releases.settings_reading import check_settings, read_settings_file
from platform_admin.tenants.models import Tenant
from runtime import limits
from runtime.errors import ConfigurationError
from runtime.limits import InboundLimits, RuntimeLimits, SendPace
from runtime.outreach import takeover
from runtime.outreach.outreach import Outreach
from tests.platform_admin.business import COMMAND, sources

AT = "s.yaml:1:"

FAULTS: list[tuple[str, list[str]]] = [
    ("limits: {loop_messages: -1}", ["21 S103 policies.limits.loop_messages must be 0 or more."]),
    (
        "limits: {loop_messages: 2.5}",
        ["21 S103 policies.limits.loop_messages must be a whole number. Write it without quotes."],
    ),
    (
        "limits: {burst_window_s: '3'}",
        ["21 S103 policies.limits.burst_window_s must be a number. Write it without quotes."],
    ),
    ("limits: {loop_pause_s: 2000000000}", ["21 S103 policies.limits.loop_pause_s must be 1000000000 or less."]),
    ("limits: {burst_window_s: -0.5}", ["21 S103 policies.limits.burst_window_s must be 0 or more."]),
    ("limits: {loop_mesages: 5}", ["21 S101 policies.limits.loop_mesages is not known here. Remove it."]),
    ("limits: [5]", ["12 S103 policies.limits must be a mapping. Write 'key: value' lines under it."]),
    (
        "opt_out: {words: [baja]}",
        ["22 S103 policies.opt_out.words must be a mapping. Write 'key: value' lines under it."],
    ),
    ("opt_out: {undo: {es: alta}}", ["29 S103 policies.opt_out.undo.es must be a list. Begin each item with '- '."]),
    ("opt_out: {words: {es: [baja, 5]}}", ["41 S103 policies.opt_out.words.es.1 must be a text. Put it in quotes."]),
    ("opt_out: {words: {es: ['?!']}}", ["35 S103 “?!” has no letter and no digit, so nobody can write it."]),
    ("handoff: {resume_after_minutes: 0}", ["22 S103 policies.handoff.resume_after_minutes must be 1 or more."]),
    (
        "handoff: {resume_after_minutes: 60000}",
        ["22 S103 policies.handoff.resume_after_minutes must be 43200 or less."],
    ),
    (
        "handoff: {resume_words: '#bot'}",
        ["22 S103 policies.handoff.resume_words must be a list. Begin each item with '- '."],
    ),
    (
        "limits: {max_attempts: -2}, handoff: {resume_words: 1}",
        [
            "21 S103 policies.limits.max_attempts must be 0 or more.",
            "50 S103 policies.handoff.resume_words must be a list. Begin each item with '- '.",
        ],
    ),
]


@pytest.mark.parametrize(("policies", "faults"), FAULTS, ids=[row[0] for row in FAULTS])
def test_what_a_runtime_would_refuse_is_told_at_its_place(policies: str, faults: list[str]) -> None:
    reading = read_settings_file(f"policies: {{{policies}}}\n", file="s.yaml")
    assert [str(fault) for fault in reading.faults] == [AT + fault for fault in faults]
    assert reading.document is None


def test_the_names_and_bounds_are_those_of_the_runtime() -> None:
    known = {item.name for item in (*fields(InboundLimits), *fields(SendPace))}
    assert set(LimitsShape.model_fields) == known
    assert (MOST, MOST_MINUTES) == (limits.MOST, takeover.MOST_MINUTES)


def test_what_is_written_travels_as_it_is_written() -> None:
    policies: JSONObject = {
        "limits": {"burst_window_s": 3, "loop_messages": 5},
        "opt_out": {"words": {"es": ["Baja"]}, "undo": None},
        "handoff": {"resume_after_minutes": None},
    }
    document = check_settings({"policies": policies}).document
    assert document is not None
    assert document.policies.blocks() == policies


VALUES = (
    st.none() | st.booleans() | st.integers(-2, MOST + 1) | st.floats(-1, 2e9) | st.sampled_from(["", "baja", "¡!"])
)
WORDS = st.lists(VALUES, max_size=2)
BLOCKS = st.fixed_dictionaries(
    {},
    optional={
        "limits": st.dictionaries(st.sampled_from(sorted(LimitsShape.model_fields)), VALUES, max_size=3),
        "opt_out": st.dictionaries(
            st.sampled_from(sorted(OptOutShape.model_fields)), VALUES | st.dictionaries(st.just("es"), WORDS | VALUES)
        ),
        "handoff": st.dictionaries(st.sampled_from(sorted(HandoffShape.model_fields)), VALUES | WORDS),
    },
)


@given(BLOCKS)
def test_a_runtime_takes_whatever_the_gate_lets_through(policies: dict[str, Any]) -> None:
    document = check_settings({"policies": policies}).document
    blocks = policies if document is None else document.policies.blocks()
    try:
        RuntimeLimits.from_json(blocks.get("limits"))
        Outreach.from_blocks({name: blocks[name] for name in ("opt_out", "handoff") if name in blocks})
    except ConfigurationError:
        assert document is None


@pytest.mark.django_db
def test_nothing_is_published_with_a_wrong_limit(luna: Tenant) -> None:
    publish(tenant=luna, by=COMMAND, sources=sources())
    TenantSettings.objects.for_tenant(luna).update(policies={"limits": {"loop_messages": "many"}})
    with pytest.raises(HasFaultsError) as refused:
        publish(tenant=luna, by=COMMAND)
    (fault,) = refused.value.faults
    assert fault.message == "policies.limits.loop_messages must be a whole number."
    assert Release.objects.for_tenant(luna).count() == 1
