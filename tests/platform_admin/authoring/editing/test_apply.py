"""Edits of a text: what was meant changes, comments, order and quotes stay, and what cannot be done changes nothing."""

from __future__ import annotations

import difflib
import json
from pathlib import Path as FilePath
from typing import Any

import pytest

from flow_engine.language.yaml_reader import read_yaml
from platform_admin.authoring.editing import EditError, apply, read_edit

FLOW = """\
# The shop's bot.
id: shop
initial_state: MENU   # where everyone begins

global_transitions:
  - on_text: [menu, inicio]   # two languages
    target: MENU

states:
  # The first thing people see.
  MENU:
    on_enter:
      - action: send_interactive_buttons
        body: "Hi! What would you like?"  # keep it short
        buttons:
          # the money maker
          - id: "book"
            title: 'Book it'
          - id: "hours"
            title: "Hours"
    transitions:
      - on_payload: "book"
        target: BOOK
      - on_payload: "hours"
        set_data: { seen: true }
        target: HOURS
    fallback: MENU

  # Nobody reads this one.
  HOURS:
    on_enter:
      - action: send_text
        text: |-
          Monday to Friday,
            ten to eight.
    fallback: MENU

  BOOK:
    on_enter:
      - action: send_text
        text: Come in
    timeout: { after: 30m, target: HOURS }
    fallback: HOURS
"""


def edited(text: str = FLOW, /, **edit: Any) -> str:
    return apply(text, read_edit(edit))


def read(text: str) -> Any:
    return read_yaml(text).value


def changed_lines(new: str, old: str = FLOW) -> list[str]:
    lines = difflib.unified_diff(old.splitlines(), new.splitlines(), n=0, lineterm="")
    return [line for line in lines if line[:1] in "+-" and line[:3] not in ("+++", "---")]


ONE_WORD = [
    (
        ["states", "MENU", "on_enter", 0, "body"],
        'Say "hi"\\ now',
        '        body: "Say \\"hi\\"\\\\ now"  # keep it short',
    ),
    (
        ["states", "MENU", "on_enter", 0, "buttons", 0, "title"],
        "It's here",
        "            title: 'It''s here'",
    ),
    (["states", "BOOK", "on_enter", 0, "text"], "Come back", "        text: Come back"),
    (["states", "BOOK", "on_enter", 0, "text"], "no", '        text: "no"'),
    (["states", "BOOK", "on_enter", 0, "text"], "a: b # c", '        text: "a: b # c"'),
    (["states", "BOOK", "timeout", "after"], "2h", '    timeout: { after: "2h", target: HOURS }'),
    (["initial_state"], "BOOK", "initial_state: BOOK   # where everyone begins"),
    (["global_transitions", 0, "on_text", 1], "start", "  - on_text: [menu, start]   # two languages"),
    (["states", "MENU", "transitions", 1, "set_data", "seen"], False, "        set_data: { seen: false }"),
]


@pytest.mark.parametrize(("path", "value", "line"), ONE_WORD, ids=lambda value: json.dumps(value)[:50])
def test_a_word_for_a_word_changes_its_line_alone(path: list[str | int], value: object, line: str) -> None:
    new = edited(do="set_value", path=path, value=value)
    changes = changed_lines(new)
    assert [change for change in changes if change.startswith("+")] == [f"+{line}"]
    assert len(changes) == 2


def test_a_text_of_several_lines_becomes_a_block() -> None:
    new = edited(do="set_value", path=["states", "BOOK", "on_enter", 0, "text"], value="One\nTwo 😀")
    assert "        text: |-\n          One\n          Two 😀\n" in new
    assert comments(new) == comments(FLOW)


def test_a_block_becomes_one_line() -> None:
    new = edited(do="set_value", path=["states", "HOURS", "on_enter", 0, "text"], value="Always open")
    assert '        text: "Always open"\n    fallback: MENU\n' in new
    assert comments(new) == comments(FLOW)


def test_a_key_that_is_not_there_is_added_to_its_step_alone() -> None:
    new = edited(do="set_value", path=["states", "HOURS", "llm_fallback"], value=True)
    assert changed_lines(new) == ["+    llm_fallback: true"]


def test_a_button_is_put_between_two_others() -> None:
    path = ["states", "MENU", "on_enter", 0, "buttons"]
    new = edited(do="insert_item", path=path, index=1, value={"id": "prices", "title": "Our prices"})
    assert "+          - id: prices" in changed_lines(new)
    assert '+            title: "Our prices"' in changed_lines(new)
    assert comments(new) == comments(FLOW)


def test_a_list_that_is_not_there_yet_is_made() -> None:
    value = {"on_text": ["hi"], "target": "MENU"}
    new = edited(do="insert_item", path=["states", "HOURS", "transitions"], index=0, value=value)
    assert read(new)["states"]["HOURS"]["transitions"] == [value]


def test_an_item_moves_and_takes_its_comment_along() -> None:
    new = edited(do="move_item", path=["states", "MENU", "on_enter", 0, "buttons"], index=0, to=1)
    value = read(new)
    assert [button["id"] for button in value["states"]["MENU"]["on_enter"][0]["buttons"]] == ["hours", "book"]


def test_a_step_is_renamed_and_everything_that_leads_to_it_follows() -> None:
    new = edited(do="rename_step", name="HOURS", to="WHEN_OPEN")
    assert changed_lines(new) == [
        "-        target: HOURS",
        "+        target: WHEN_OPEN",
        "-  HOURS:",
        "+  WHEN_OPEN:",
        "-    timeout: { after: 30m, target: HOURS }",
        "-    fallback: HOURS",
        "+    timeout: { after: 30m, target: WHEN_OPEN }",
        "+    fallback: WHEN_OPEN",
    ]


def test_people_who_stand_on_a_renamed_step_are_remembered() -> None:
    new = edited(do="rename_step", name="HOURS", to="WHEN_OPEN", keep_people=True)
    assert read(new)["renamed_states"] == {"HOURS": "WHEN_OPEN"}
    again = edited(new, do="rename_step", name="BOOK", to="RESERVE", keep_people=True)
    assert read(again)["renamed_states"] == {"HOURS": "WHEN_OPEN", "BOOK": "RESERVE"}


def test_a_copy_stands_behind_its_original_with_all_its_comments() -> None:
    new = edited(do="duplicate_step", name="MENU", to="MENU_2")
    assert list(read(new)["states"]) == ["MENU", "MENU_2", "HOURS", "BOOK"]
    assert new.count("# the money maker") == 2
    assert new.count("# The first thing people see.") == 1
    assert "\n\n  MENU_2:\n" in new


def test_a_new_step_stands_behind_the_one_it_was_added_to() -> None:
    value = {"on_enter": [{"action": "send_text", "text": "Thanks, see you"}], "fallback": "MENU"}
    new = edited(do="add_step", name="BYE", after="MENU", value=value)
    assert changed_lines(new) == [
        "+  BYE:",
        "+    on_enter:",
        "+      - action: send_text",
        '+        text: "Thanks, see you"',
        "+    fallback: MENU",
        "+",
    ]
    assert list(read(new)["states"]) == ["MENU", "BYE", "HOURS", "BOOK"]


def test_a_deleted_step_takes_its_comment_along_and_its_ways_lead_elsewhere() -> None:
    new = edited(do="delete_step", name="HOURS", instead="MENU")
    assert "HOURS" not in new
    assert "# Nobody reads this one." not in new
    assert "# The first thing people see." in new
    assert "    fallback: MENU\n\n  BOOK:\n" in new


REFUSED = [
    ({"do": "delete_step", "name": "HOURS"}, "3 places lead to Hours. Say where they should lead instead."),
    ({"do": "delete_step", "name": "HOURS", "instead": "HOURS"}, "A step that is deleted cannot be led to."),
    ({"do": "delete_step", "name": "GONE"}, "There is no step “Gone” any more."),
    ({"do": "rename_step", "name": "HOURS", "to": "MENU"}, "There is a step “Menu” already. Choose another name."),
    ({"do": "add_step", "name": "MENU", "value": {}}, "There is a step “Menu” already. Choose another name."),
    (
        {"do": "set_value", "path": ["states", "GONE", "fallback"], "value": "MENU"},
        "This part of the conversation is not there any more; somebody may have changed it.",
    ),
    (
        {"do": "move_item", "path": ["states", "MENU", "transitions"], "index": 0, "to": 9},
        "The list has changed meanwhile; nothing was moved.",
    ),
    (
        {"do": "insert_item", "path": ["states", "MENU", "transitions"], "index": 9, "value": {}},
        "The list has changed meanwhile; nothing was put into it.",
    ),
    ({"do": "remove_value", "path": []}, "The whole document is no place to edit."),
    ({"do": "explode"}, "This edit cannot be read: "),
    ({"do": "rename_step", "name": "MENU", "to": "no spaces"}, "This edit cannot be read: rename_step.to: "),
]


@pytest.mark.parametrize(("edit", "reason"), REFUSED, ids=lambda value: json.dumps(value)[:60])
def test_what_cannot_be_done_is_refused_in_words(edit: dict[str, Any], reason: str) -> None:
    with pytest.raises(EditError) as refused:
        edited(**edit)
    assert str(refused.value).startswith(reason)


def test_a_text_with_a_mistake_in_it_is_not_touched() -> None:
    with pytest.raises(EditError, match=r"The text has a mistake in line 2; mend it in the YAML view first\."):
        edited("id: a\nid: b\n", do="set_value", path=["id"], value="c")


def test_a_flow_written_as_json_is_edited_too() -> None:
    text = '{"id": "x", "initial_state": "A", "states": {"A": {"fallback": "A"}}}\n'
    new = edited(text, do="rename_step", name="A", to="B")
    assert read(new) == {"id": "x", "initial_state": "B", "states": {"B": {"fallback": "B"}}}


ROOT = FilePath(__file__).parents[4]
SHIPPED = sorted([*ROOT.glob("flows/*.yaml"), *ROOT.glob("flows/*/flow.yaml")])


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.parent.name)
def test_the_steps_of_every_shipped_flow_can_be_renamed_copied_and_rewritten(file: FilePath) -> None:
    text = file.read_text()
    document = read(text)
    for name in list(document["states"])[::4]:
        renamed = edited(text, do="rename_step", name=name, to="SOMETHING_NEW")
        assert edited(renamed, do="rename_step", name="SOMETHING_NEW", to=name) == text
        copied = edited(text, do="duplicate_step", name=name, to="SOMETHING_NEW")
        assert edited(copied, do="delete_step", name="SOMETHING_NEW", instead=name) == text
        marked = edited(text, do="set_value", path=["states", name, "llm_fallback"], value=True)
        assert comments(marked) == comments(text)


def comments(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip().startswith("#")]
