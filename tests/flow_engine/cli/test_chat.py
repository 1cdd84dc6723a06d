"""``chat``, ``record`` and ``graph``, each as a person types it."""

from __future__ import annotations

import io
import re
import subprocess
import sys
from pathlib import Path

import pytest

from flow_engine.cli.main import main
from tests.flow_engine.cases.shop import SHOP

ROOT = Path(__file__).parents[3]
HAIRDRESSER = str(ROOT / "flows" / "peluqueria_flow.yaml")


@pytest.fixture
def shop(tmp_path: Path) -> str:
    file = tmp_path / "flow.yaml"
    file.write_text(SHOP.replace("booking.id", "booking.event_id"), encoding="utf-8")
    return str(file)


def type_in(monkeypatch: pytest.MonkeyPatch, *lines: str) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("".join(f"{line}\n" for line in lines)))


def talk(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    flow: str,
    *lines: str,
    options: tuple[str, ...] = (),
) -> str:
    """What is printed behind the help, without the prompts."""
    type_in(monkeypatch, *lines)
    assert main(["chat", flow, *options]) == 0
    _, _, said = capsys.readouterr().out.partition("/quit\n")
    return said.replace("> ", "").strip()


def test_a_chat_shows_what_can_be_tapped_by_number(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], shop: str
) -> None:
    assert talk(monkeypatch, capsys, shop, "hi", "/tap 2", "/state", "/quit", "never read") == (
        "bot: Hello Ana!\n     [1] Book\n     [2] Bye\nbot: Bye.\nBYE"
    )


def test_the_clock_brings_the_reminder(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], shop: str
) -> None:
    said = talk(monkeypatch, capsys, shop, "hi", "/tap Book", "/clock +22h", "/clock +1h", "/clock 2026-11-20T10:00")

    assert said.endswith(
        "It is 2026-11-24 08:00.\nIt is 2026-11-24 09:00.\nbot: Remember e1!\n     [1] Menu\nThe clock never goes back."
    )


def test_a_connector_fails_once_on_demand(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], shop: str
) -> None:
    said = talk(
        monkeypatch, capsys, shop, "hi", "/fail calendar conflict", "/tap 1", "/state", "menu", "/tap 1", "/state"
    )

    assert "The next call of calendar fails: conflict.\nbot: Something went wrong" in said
    assert re.findall("^(?:BYE|BOOK)$", said, re.MULTILINE) == ["BYE", "BOOK"]


def test_why_tells_which_rule_matched_and_why_the_earlier_ones_did_not(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], shop: str
) -> None:
    assert talk(monkeypatch, capsys, shop, "hi", "/tap Bye", "/why").endswith(
        "- Transition 2 of MENU fits: 'bye' leads to BYE. "
        "Those before it do not: 1 ('book'): something else was tapped or typed.\n"
        "- BYE is entered: the transition leads there.\n"
        "- BYE runs its action 1, send_text."
    )


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("/tap 7", "Nothing to tap has this number, title or id."),
        ("/clock soon", "Write /clock +2h or /clock 2026-11-24T09:00."),
        ("/clock +99999d", "Write /clock +2h or /clock 2026-11-24T09:00."),
        ("/fail", "Write /fail calendar, or one of timeout, unavailable, "),
        ("/fail calendar badly", "Write /fail calendar, or one of timeout, unavailable, "),
        ("/send picture", "Message types are text, button, "),
        ("/task x", "Tasks are reminder."),
        ("/nonsense", "Write as a customer would, or:"),
    ],
)
def test_a_line_that_is_not_understood_says_what_to_write(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], shop: str, line: str, answer: str
) -> None:
    assert talk(monkeypatch, capsys, shop, line).startswith(answer)


def test_a_call_without_an_example_fails_and_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], shop: str, tmp_path: Path
) -> None:
    examples = tmp_path / "examples.yaml"
    examples.write_text("connectors: { calendar: { get_services: { answer: [] } } }\n", encoding="utf-8")

    said = talk(monkeypatch, capsys, shop, "hi", "/tap 1", options=("--answers", str(examples)))

    assert "(no example answers calendar.book_appointment; it fails as unavailable (see --answers))" in said


def test_examples_use_the_parameters_of_the_call(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], shop: str, tmp_path: Path
) -> None:
    examples = tmp_path / "examples.json"
    examples.write_text(
        '{"connectors": {"calendar": {"book_appointment": {"answer": {"id": "{{ data.service }}1"}}}}}',
        encoding="utf-8",
    )

    said = talk(monkeypatch, capsys, shop, "hi", "/tap 1", "/data", options=("--answers", str(examples)))

    assert '"id": "cut1"' in said


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["chat", "nowhere.yaml"], "nowhere.yaml: cannot be read: No such file or directory. Check the name."),
        (["chat", HAIRDRESSER, "--now", "noon"], "'noon' is no date and time. Write it like 2026-11-23T10:00."),
        (["chat", HAIRDRESSER, "--channel", "fax"], "--channel: there is no channel 'fax'. Known are "),
        (["chat", HAIRDRESSER, "--answers", "none.yaml"], "none.yaml: cannot be read: No such file or directory."),
        (["chat", HAIRDRESSER, "--answers", HAIRDRESSER], ":4:1 T001 The key 'id' is not known here."),
        (["record", HAIRDRESSER, HAIRDRESSER], "is there already. Choose another name."),
        (["graph", "nowhere.yaml"], "nowhere.yaml: cannot be read: No such file or directory. Check the name."),
        (["chat", HAIRDRESSER, "--catalog", "none.json"], "none.json cannot be read: No such file or directory."),
    ],
)
def test_what_cannot_be_used_exits_2_and_says_why(
    capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    assert main(arguments) == 2
    assert message in capsys.readouterr().err


def test_a_recorded_chat_is_a_case_that_passes(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    out = tmp_path / "cases" / "recorded.yaml"
    type_in(
        monkeypatch,
        *(
            "hola",
            "/tap Reservar cita",
            "¿Cuánto cuesta?",
            "/tap 1",
            "/fail calendar",
            "/tap 1",
            "/tap 1",
            "1",
            "/tap 2",
        ),
        *("sí", "/send image", "/clock +2d", "/task reminder", "/tap Allí estaré"),
    )

    assert main(["record", "--llm", HAIRDRESSER, str(out)]) == 0
    assert capsys.readouterr().err == f"{out}: written, and it passes\n"
    assert main(["test", str(out)]) == 0

    text = out.read_text(encoding="utf-8")
    out.write_text(text.replace('"Corte"', '"Barba"', 1), encoding="utf-8")
    assert main(["test", str(out)]) == 1


def test_nothing_said_writes_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], shop: str, tmp_path: Path
) -> None:
    type_in(monkeypatch, "/state")

    assert main(["record", shop, str(tmp_path / "out.yaml")]) == 0
    assert capsys.readouterr().err == "Nothing was said, so nothing is written.\n"
    assert not (tmp_path / "out.yaml").exists()


def test_a_graph_is_printed(capsys: pytest.CaptureFixture[str], shop: str) -> None:
    assert main(["graph", shop]) == 0
    assert capsys.readouterr().out.startswith('flowchart TD\n    n0(["MENU"])\n')
    assert main(["graph", shop, "--format", "svg"]) == 0
    assert capsys.readouterr().out.startswith('<svg xmlns="http://www.w3.org/2000/svg" ')


def test_a_flow_with_errors_is_not_drawn(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "flow.yaml"
    file.write_text(SHOP.replace("target: UNDO", "target: UNDOO"), encoding="utf-8")

    assert main(["graph", str(file)]) == 1
    assert "F101 There is no state 'UNDOO'." in capsys.readouterr().err


def test_the_terminal_works_through_a_pipe() -> None:
    command = [sys.executable, "-m", "flow_engine", "chat", HAIRDRESSER]
    result = subprocess.run(command, cwd=ROOT, input="hola\n", capture_output=True, text=True, check=False)

    assert (result.returncode, result.stderr) == (0, "")
    assert "bot: ¡Hola, Ana! 👋" in result.stdout


def test_why_tells_a_case_step_by_step(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "flow.yaml").write_text(SHOP, encoding="utf-8")
    case = tmp_path / "case.yaml"
    case.write_text("flow: flow.yaml\ncontact: { name: Ana }\nsteps: [{ say: hi }, { tap: Bye, bot: [Ciao.] }]\n")

    assert main(["why", str(case)]) == 1
    assert capsys.readouterr().out == (
        "     Ana      hi\n"
        "       - No transition of the whole flow fits: 1 ('menu'): something else was tapped or typed.\n"
        "       - MENU is entered: here every conversation begins.\n"
        "       - MENU runs its action 1, send_interactive_buttons.\n"
        "     bot      Hello Ana!\n"
        "              [Book] [Bye]\n"
        "     Ana      [Bye]\n"
        "       - Transition 2 of MENU fits: 'bye' leads to BYE. "
        "Those before it do not: 1 ('book'): something else was tapped or typed.\n"
        "       - BYE is entered: the transition leads there.\n"
        "       - BYE runs its action 1, send_text.\n"
        "  >> bot      Bye.\n"
        "     ^ The text is another.\n"
        '       expected: "Ciao."\n'
        '       actual:   "Bye."\n'
    )

    case.write_text(case.read_text().replace("Ciao", "Bye"))
    assert main(["why", str(case)]) == 0
    assert main(["why", str(tmp_path / "none.yaml")]) == 2
