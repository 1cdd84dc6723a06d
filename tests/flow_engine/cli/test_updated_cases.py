"""``python -m flow_engine test --update``: what it writes into a case, and what it leaves alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from flow_engine.cli.main import main
from tests.flow_engine.cli.shop_cases import FAILS, PASSES, write


def test_update_makes_a_case_pass_and_keeps_its_comments(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = write(shop, "a.yaml", FAILS)

    assert main(["test", "shop", "--update"]) == 0
    assert capsys.readouterr().out == "updated shop/cases/a.yaml\n"
    assert file.read_text(encoding="utf-8") == PASSES.replace("[Bye.]", '["Bye."]')


def test_update_mends_messages_state_data_and_effects_at_once(shop: Path) -> None:
    file = write(
        shop,
        "a.yaml",
        "connectors: { calendar: { book_appointment: { answer: { id: e1 } } } }\n"
        "steps:\n"
        "  - say: hi\n"
        "    bot: []\n"
        "    state: BYE # why\n"
        "  - tap: Book\n"
        "    bot: [{ text: Booked, options: [] }, {}]\n"
        "    data: { booking: no }\n"
        "    effects: []\n",
    )

    assert main(["test", "shop", "--update"]) == 0
    assert file.read_text(encoding="utf-8") == (
        "connectors: { calendar: { book_appointment: { answer: { id: e1 } } } }\n"
        "steps:\n"
        "  - say: hi\n"
        "    bot:\n"
        '      - text: "Hello!"\n'
        '        options: ["Book", "Bye"]\n'
        '    state: "MENU" # why\n'
        "  - tap: Book\n"
        '    bot: [{ text: "Booked: e1.", options: [] }, {}]\n'
        '    data: { booking: {id: "e1"} }\n'
        "    effects:\n"
        '      - call: "calendar.book_appointment"\n'
        '        params: {date: "2026-11-23", time: "10:00", service: "cut"}\n'
        '      - {schedule: "reminder", key: "reminder:e1", at: "2026-11-24T09:00:00+00:00"}\n'
    )


@pytest.mark.parametrize(
    "case",
    [
        pytest.param("steps:\n  - say: hi\n    state: BYE\n    not: [Hello]\n", id="forbidden words are said"),
        pytest.param("steps:\n  - { say: hi, state: BYE }\n  - tap: Book\n", id="no script answers"),
        pytest.param("steps:\n  - { say: hi, bot: [Hi] }\n  - tap: Nothing\n", id="nothing to tap"),
    ],
)
def test_update_leaves_a_case_that_cannot_pass_as_it_was(shop: Path, case: str) -> None:
    file = write(shop, "a.yaml", case)

    assert main(["test", "shop", "--update"]) == 1
    assert file.read_text(encoding="utf-8") == case


def test_update_leaves_a_case_that_passes_as_it_was(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = write(shop, "a.yaml", PASSES)

    assert main(["test", "shop", "--update"]) == 0
    assert capsys.readouterr().out == ""
    assert file.read_text(encoding="utf-8") == PASSES
