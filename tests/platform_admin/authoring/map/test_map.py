"""The map: what is on it, where it stands, and that it stays put while its author works."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flow_engine.language.yaml_reader import read_yaml
from flow_engine.vocabulary import JSON
from platform_admin.authoring.editing import apply, read_edit
from platform_admin.authoring.map import Drawing, read_map
from platform_admin.authoring.map.layout import CARD_GAP, CARD_WIDTH, lay_out
from platform_admin.changes.step_title import step_name, step_title

ROOT = Path(__file__).parents[4]
SHIPPED = sorted([*ROOT.glob("flows/*.yaml"), *ROOT.glob("flows/*/flow.yaml")])

FLOW = """\
initial_state: MENU
global_transitions:
  - { on_payload: person, target: PERSON }
states:
  MENU:
    llm_fallback: true
    on_enter:
      - action: send_interactive_buttons
        body: "Hi!\\nWhat would you like?"
        buttons: [{ id: book, title: Book }, { id: person, title: "Talk to us" }, { id: again, title: Again }]
    transitions:
      - { on_payload: book, target: DAY }
      - { on_payload: again, target: MENU }
    fallback: HELP
  DAY:
    on_enter:
      - { action: invoke_connector, connector: calendar, operation: get_available_days, on_error: HELP }
    timeout: { after: 30m, target: MENU }
  PERSON:
    on_enter: [{ action: hand_off, reason: asked }]
  HELP: {}
"""


def drawn(text: str = FLOW) -> Drawing:
    return read_map(read_yaml(text).value)


def test_every_step_has_a_card_with_its_first_words_and_what_it_does() -> None:
    cards = {card.name: card for card in drawn().cards}
    menu = cards["MENU"]
    assert (menu.title, menu.says, menu.start) == ("Menu", "Hi! What would you like?", True)
    assert menu.badges == (("buttons", 3), ("faq", 0))
    assert cards["DAY"].badges == (("calendar", 0),)
    assert cards["PERSON"].badges == (("person", 0),)
    assert [card.start for card in cards.values()].count(True) == 1


def test_every_way_is_drawn_once_and_says_what_takes_it() -> None:
    ways = [(way.source, way.target, way.kind.value, way.label) for way in drawn().ways]
    assert ways == [
        ("MENU", "DAY", "chosen", "Book"),
        ("MENU", "HELP", "otherwise", ""),
        ("MENU", "PERSON", "chosen", "Talk to us"),
        ("DAY", "MENU", "silence", ""),
        ("DAY", "HELP", "failure", ""),
    ]


def test_a_card_hangs_on_one_way_only() -> None:
    trees = [(way.source, way.target) for way in drawn().ways if way.tree]
    assert sorted(trees) == [("MENU", "DAY"), ("MENU", "HELP"), ("MENU", "PERSON")]


UNREADABLE: list[JSON] = [
    None,
    [],
    "text",
    {"states": []},
    {"states": {"A": None, "B": 3}},
    {"states": {"A": {"on_enter": [1]}}},
]


@pytest.mark.parametrize("document", UNREADABLE, ids=str)
def test_what_cannot_be_read_is_not_drawn(document: JSON) -> None:
    assert read_map(document).ways == ()


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.parent.name)
def test_no_two_cards_of_a_shipped_flow_overlap(file: Path) -> None:
    cards = drawn(file.read_text()).cards
    for index, one in enumerate(cards):
        for other in cards[index + 1 :]:
            apart = (
                abs(one.x - other.x) >= CARD_WIDTH or one.y + one.height <= other.y or other.y + other.height <= one.y
            )
            assert apart, (one.name, other.name)


def test_a_longer_text_in_one_step_moves_no_other_step_sideways() -> None:
    text = (ROOT / "flows" / "peluqueria_flow.yaml").read_text()
    edit = read_edit({"do": "set_value", "path": ["states", "MENU", "on_enter", 0, "body"], "value": "Hola " * 30})
    before = {card.name: card.x for card in drawn(text).cards}
    assert {card.name: card.x for card in drawn(apply(text, edit)).cards} == before


NAMES = [f"S{number}" for number in range(12)]


@given(
    st.dictionaries(st.sampled_from(NAMES), st.lists(st.sampled_from(NAMES), max_size=4), max_size=12),
    st.sampled_from(NAMES),
)
def test_any_graph_at_all_is_laid_out_without_overlaps(follows: dict[str, list[str]], start: str) -> None:
    layout = lay_out(NAMES, [start], follows, dict.fromkeys(NAMES, 50))
    assert set(layout.places) == set(NAMES)
    rows: dict[float, list[float]] = {}
    for place in layout.places.values():
        rows.setdefault(place.y, []).append(place.x)
    for columns in rows.values():
        columns.sort()
        assert all(right - left >= CARD_WIDTH + CARD_GAP for left, right in pairwise(columns))
    assert all(layout.places[parent].y < layout.places[child].y for child, parent in layout.parents.items())


@pytest.mark.parametrize(
    ("title", "name", "shown"),
    [
        ("Elegir día", "ELEGIR_DÍA", "Elegir día"),
        ("  What's up? ", "WHAT_S_UP", "What s up"),
        ("2 people", "STEP_2_PEOPLE", "Step 2 people"),
        ("¿?", "", ""),
        ("x" * 200, "X" * 64, "X" + "x" * 63),
    ],
)
def test_a_title_becomes_a_name_and_back(title: str, name: str, shown: str) -> None:
    assert step_name(title) == name
    assert step_title(name) == shown


def test_a_name_that_is_written_in_its_own_way_is_shown_as_it_is() -> None:
    assert step_title("bookTable") == "bookTable"
    assert step_title("ask/WHEN") == "When"
