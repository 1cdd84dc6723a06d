"""The mechanism of language versions, with versions made up for the purpose; the real list is empty so far."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest
import yaml

from flow_engine.language import LANGUAGE_VERSION
from flow_engine.language.migrations import MIGRATIONS, MigrationError, migrate
from flow_engine.language.migrations.rewriting import rewrite
from flow_engine.vocabulary import JSONObject

DATA: dict[str, Any] = yaml.safe_load(
    (Path(__file__).parent / "migrations" / "two_steps.yaml").read_text(encoding="utf-8")
)


def rename_start(document: JSONObject) -> JSONObject:
    return {"initial_state" if key == "start" else key: value for key, value in document.items()}


def spell_out_say(document: JSONObject) -> JSONObject:
    states = document["states"]
    assert isinstance(states, dict)
    spelled: JSONObject = {
        name: {"on_enter": [{"action": "send_text", "text": state["say"]}]}
        for name, state in states.items()
        if isinstance(state, dict)
    }
    return {**document, "states": spelled}


STEPS = {1: rename_start, 2: spell_out_say}


@pytest.mark.parametrize(
    ("begin", "to", "end"),
    [("before", 2, "after_first"), ("after_first", 3, "after_both"), ("before", 3, "after_both")],
)
def test_each_step_leads_from_one_version_to_the_next(begin: str, to: int, end: str) -> None:
    assert migrate(DATA[begin], steps=STEPS, to=to) == DATA[end]


def test_a_migration_leaves_what_it_was_given_as_it_was() -> None:
    before = copy.deepcopy(DATA["before"])

    migrate(before, steps=STEPS, to=3)

    assert before == DATA["before"]


def test_a_document_of_the_present_version_is_left_alone() -> None:
    document: JSONObject = {"id": "shop"}

    assert migrate(document) is document


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ({"language_version": LANGUAGE_VERSION + 1}, "use a newer engine"),
        ({"language_version": 0}, "there is no way from version 0"),
        ({"language_version": "1"}, "must be a whole number"),
        ({"language_version": True}, "must be a whole number"),
    ],
)
def test_what_cannot_be_migrated_is_told(document: JSONObject, message: str) -> None:
    with pytest.raises(MigrationError, match=message):
        migrate(document)


def test_a_gap_in_the_steps_is_told() -> None:
    with pytest.raises(MigrationError, match="no way from version 2"):
        migrate(DATA["before"], steps={1: rename_start}, to=3)


def test_the_real_steps_lead_to_the_present_version_without_a_gap() -> None:
    assert sorted(MIGRATIONS) == list(range(1, LANGUAGE_VERSION))


COMMENTED = """\
# The shop's own flow.
id: shop # never change this
start: A
states:
  # The first thing they read.
  A: # asked for by Ana
    say: "Hello" # in English
  B:
    say: 'Bye'
"""


def test_comments_stay_with_what_a_migration_leaves_and_go_with_what_it_takes() -> None:
    migrated = migrate(yaml.safe_load(COMMENTED), steps=STEPS, to=3)

    assert (
        rewrite(COMMENTED, migrated)
        == """\
# The shop's own flow.
id: shop # never change this
initial_state: A
states:
  # The first thing they read.
  A: # asked for by Ana
    on_enter:
      - action: send_text
        text: Hello
  B:
    on_enter:
      - action: send_text
        text: Bye
language_version: 3
"""
    )


@pytest.mark.parametrize(
    "flow", sorted((Path(__file__).parents[3] / "flows").rglob("*flow.yaml")), ids=lambda p: p.name
)
def test_a_flow_that_is_rewritten_says_what_was_meant(flow: Path) -> None:
    text = flow.read_text(encoding="utf-8")
    migrated = {**yaml.safe_load(text), "language_version": 2}

    rewritten = rewrite(text, migrated)

    assert yaml.safe_load(rewritten) == migrated
    assert [line for line in text.splitlines() if "#" in line and line.strip().startswith("#")] == [
        line for line in rewritten.splitlines() if line.strip().startswith("#")
    ]
