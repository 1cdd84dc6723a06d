"""``python -m flow_engine test``: what it prints, writes and answers to the shell."""

from __future__ import annotations

import json
import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from flow_engine.cli.junit import junit_xml
from flow_engine.cli.main import main
from tests.flow_engine.cli.shop_cases import FAILS, PASSES, write

ROOT = Path(__file__).parents[3]


def test_cases_that_pass_exit_0(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(shop, "a.yaml", PASSES)

    assert main(["test", "shop"]) == 0
    assert capsys.readouterr() == ("", "1 passed, 0 failed, 0 not run\n")


def test_a_failure_is_a_chat_with_the_wrong_bubble_marked(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(shop, "a.yaml", FAILS)

    assert main(["test", "shop"]) == 1
    out, err = capsys.readouterr()
    assert out == (
        "FAILED Ana says bye\n"
        "       shop/cases/a.yaml:5:11\n"
        "\n"
        "     customer hi\n"
        "     bot      Hello!\n"
        "              [Book] [Bye]\n"
        "     customer [Bye]\n"
        "  >> bot      Bye.\n"
        "     ^ The text is another.\n"
        '       expected: "Ciao."\n'
        '       actual:   "Bye."\n'
        "\n"
    )
    assert err == "0 passed, 1 failed, 0 not run\n"


def test_only_files_directly_in_cases_are_cases(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(shop, "a.yaml", PASSES)
    (shop / "cases" / "pieces").mkdir()
    write(shop, "pieces/b.yaml", FAILS)
    (shop / "notes.yaml").write_text("- no case\n", encoding="utf-8")

    assert main(["test", "shop"]) == 0
    assert capsys.readouterr().err == "1 passed, 0 failed, 0 not run\n"


def test_pieces_come_first_and_the_case_wins(shop: Path) -> None:
    write(shop, "a.yaml", "use: pieces/p.yaml\ncontact: { name: Bob }\nsteps: [{ tap: Bye, bot: [Bye.] }]\n")
    (shop / "cases" / "pieces").mkdir()
    write(shop, "pieces/p.yaml", "contact: { name: Ana }\nsteps: [{ say: hi, bot: [{ text: Hello Bob! }] }]\n")

    assert main(["test", "shop"]) == 0


@pytest.mark.parametrize(
    ("case", "message"),
    [
        pytest.param("setps: []", "shop/cases/a.yaml:1:1 T001 The key 'setps' is not known here.", id="a fault"),
        pytest.param("now: 2026-11-23", "shop/cases/a.yaml:1:1 T002 The case has no steps.", id="no steps"),
        pytest.param("use: p.yaml", "shop/cases/p.yaml: cannot be read: No such file", id="a piece that is missing"),
        pytest.param("flow: x.yaml\nsteps: [{ say: a }]", "x.yaml: cannot be read: No such file", id="no such flow"),
        pytest.param("flow: a.yaml\nsteps: [{ say: a }]", "a.yaml:1:1 F020 The key 'flow'", id="a case as flow"),
        pytest.param("channel: fax\nsteps: [{ say: a }]", "there is no channel 'fax'. Known are", id="no such channel"),
        pytest.param(
            "settings: { timezone: Mars/Base }\nsteps: [{ say: a }]", "settings.timezone", id="an unknown time zone"
        ),
    ],
)
def test_a_case_that_cannot_run_exits_2_and_the_others_run(
    shop: Path, capsys: pytest.CaptureFixture[str], case: str, message: str
) -> None:
    write(shop, "a.yaml", case)
    write(shop, "b.yaml", PASSES)

    assert main(["test", "shop"]) == 2

    error = capsys.readouterr().err
    assert message in error
    assert error.endswith("1 passed, 0 failed, 1 not run\n")


def test_a_case_without_a_flow_says_where_one_was_looked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "bar" / "cases").mkdir(parents=True)
    (tmp_path / "bar" / "cases" / "a.yaml").write_text(PASSES)

    assert main(["test", str(tmp_path)]) == 2
    assert f"{tmp_path}/bar/flow.yaml or {tmp_path}/bar_flow.yaml" in capsys.readouterr().err


def test_no_cases_exit_2(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["test", "shop"]) == 2
    assert capsys.readouterr().err.startswith("No cases found.")


def test_settings_beside_the_flow_hold_where_the_case_says_nothing_else(shop: Path) -> None:
    (shop / "defaults.yaml").write_text("language: es\nllm_enabled: true\nnote: for the runtime\n", encoding="utf-8")
    asked = "llm: [{ outcome: unavailable }]\nsteps: [{ say: hi }, { say: why, effects: [{ ask: why }] }]\n"
    not_asked = "settings: { llm_enabled: false }\nsteps: [{ say: hi }, { say: why, bot: [Hello!], effects: [] }]\n"
    write(shop, "a.yaml", asked)
    write(shop, "b.yaml", not_asked)

    assert main(["test", "shop"]) == 0


def test_settings_that_are_none_exit_2(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (shop / "defaults.yaml").write_text("- es\n", encoding="utf-8")
    write(shop, "a.yaml", PASSES)

    assert main(["test", "shop"]) == 2
    assert "shop/defaults.yaml: these are no settings." in capsys.readouterr().err


def test_coverage_names_what_is_missing_by_line(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(shop, "a.yaml", PASSES)

    assert main(["test", "shop", "--coverage"]) == 0
    assert capsys.readouterr().out == (
        "shop/flow.yaml: 50.0 % of states, 20.0 % of transitions\n"
        "  shop/flow.yaml:18: no case walks the state BOOK\n"
        "  shop/flow.yaml:36: no case walks the state UNDO\n"
        "  shop/flow.yaml:4: no case walks the transition global: 'menu' → MENU\n"
        "  shop/flow.yaml:14: no case walks the transition MENU: 'book' → BOOK\n"
        "  shop/flow.yaml:16: no case walks the transition MENU: any image → BYE\n"
        "  shop/flow.yaml:34: no case walks the transition BOOK: 'undo' → UNDO\n"
    )


@pytest.mark.parametrize(
    ("options", "status"),
    [
        (["--fail-states", "50"], 0),
        (["--fail-states", "51"], 1),
        (["--fail-transitions", "20"], 0),
        (["--fail-transitions", "20.1"], 1),
        (["--coverage", "--fail-states", "100", "--fail-transitions", "95"], 1),
    ],
)
def test_too_little_walked_exits_1(shop: Path, options: list[str], status: int) -> None:
    write(shop, "a.yaml", PASSES)

    assert main(["test", "shop", *options]) == status


def test_junit_holds_every_case(shop: Path, tmp_path: Path) -> None:
    write(shop, "a.yaml", PASSES)
    write(shop, "b.yaml", FAILS.replace("Ana", "Ana <&>"))
    write(shop, "c.yaml", "steps: 5")

    assert main(["test", "shop", "--junit", "junit.xml"]) == 2

    suite = ET.parse(tmp_path / "junit.xml").getroot()  # noqa: S314  # our own file
    assert suite.attrib == {"name": "flows", "tests": "3", "failures": "1", "errors": "1"}
    assert [case.attrib["name"] for case in suite] == ["Ana says bye", "Ana <&> says bye", "shop/cases/c.yaml"]
    assert [[child.tag for child in case] for case in suite] == [[], ["failure"], ["error"]]
    assert ">> bot      Bye." in (suite[1][0].text or "")


def test_junit_stays_xml_whatever_a_file_is_called() -> None:
    suite = ET.fromstring(junit_xml((), (("a\x01.yaml", "it says \x00"),)))  # noqa: S314  # our own file

    assert suite[0].attrib["name"] == "a\ufffd.yaml"
    assert suite[0][0].text == "it says \ufffd"


def test_json_is_one_object(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(shop, "a.yaml", FAILS)

    assert main(["test", "shop", "--json", "--fail-states", "50"]) == 1

    report = json.loads(capsys.readouterr().out)
    assert report["cases"] == [
        {
            "file": "shop/cases/a.yaml",
            "description": "Ana says bye",
            "passed": False,
            "failure": {
                "message": "The text is another.",
                "remedy": "",
                "expected": "Ciao.",
                "actual": "Bye.",
                "file": "shop/cases/a.yaml",
                "line": 5,
                "column": 11,
            },
        }
    ]
    assert report["not_run"] == []
    assert [flow["states_percent"] for flow in report["coverage"]] == [50.0]


def test_the_shipped_cases_pass_and_walk_their_flows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)

    assert main(["test", "flows", "--coverage", "--fail-states", "100", "--fail-transitions", "95"]) == 0


def test_the_example_of_the_documentation_passes_and_its_failure_is_shown_as_printed(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = (ROOT / "docs" / "flow-tests.md").read_text(encoding="utf-8")
    language = (ROOT / "docs" / "flow-language.md").read_text(encoding="utf-8")
    case, failure = (
        re.findall(pattern, page, re.DOTALL)[0] for pattern in (r"```yaml\n(.*?)```", r"```\n(FAILED.*?)```")
    )
    (shop / "flow.yaml").write_text(re.findall(r"```yaml\n(.*?)```", language, re.DOTALL)[0], encoding="utf-8")
    file = write(shop, "book.yaml", case)

    assert main(["test", str(file)]) == 0, capsys.readouterr().out

    file.write_text(case.replace("Which day suits you?", "Which day do you prefer?"), encoding="utf-8")
    assert main(["test", str(file)]) == 1
    assert capsys.readouterr().out == f"{failure}\n"
