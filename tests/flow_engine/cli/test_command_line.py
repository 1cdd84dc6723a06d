from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from flow_engine.cli.main import VERSION, main
from flow_engine.diagnostics import Severity
from flow_engine.outputs.capabilities import read_capabilities
from flow_engine.validation import RULES

ROOT = Path(__file__).parents[3]
CLEAN = 'id: a\ninitial_state: A\nstates:\n  A:\n    on_enter: [{ action: send_text, text: "Hi" }]\n    fallback: A\n'
WARNED = CLEAN + "  B: { fallback: A }\n"
WRONG = CLEAN.replace("fallback: A", "fallback: NOWHERE")


def write(folder: Path, name: str, text: str) -> str:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return str(file)


def test_a_clean_flow_exits_0_and_prints_nothing_but_the_count(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = write(tmp_path, "a.yaml", CLEAN)

    assert main(["check", file]) == 0

    assert capsys.readouterr() == ("", f"{file}: 0 errors, 0 warnings\n")


def test_warnings_exit_0_and_with_strict_1(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = write(tmp_path, "a.yaml", WARNED)
    said = (
        f"{file}:4:3 F125 No way leads out of the state 'A'. Add a transition, a fallback or a global transition.\n"
        f"{file}:7:3 F120 No way leads to the state 'B'. Lead a transition there, or delete it.\n"
        f"{file}:7:3 F126 The state 'B' says nothing. Add a send_ action to its on_enter.\n"
    )

    assert main(["check", file]) == 0
    assert capsys.readouterr() == (said, f"{file}: 0 errors, 3 warnings\n")
    assert main(["check", "--strict", file]) == 1
    assert capsys.readouterr() == (said, f"{file}: 0 errors, 3 warnings\n")


def test_an_error_exits_1_and_the_other_files_are_checked_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong, clean = write(tmp_path, "wrong.yaml", WRONG), write(tmp_path, "clean.yaml", CLEAN)

    assert main(["check", wrong, clean]) == 1

    out, err = capsys.readouterr()
    assert out == f"{wrong}:6:15 F101 There is no state 'NOWHERE'. Known are A.\n"
    assert err == f"{wrong}: 1 error, 0 warnings\n{clean}: 0 errors, 0 warnings\n"


def test_json_is_one_object(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = write(tmp_path, "wrong.yaml", WRONG)

    assert main(["check", "--json", file]) == 1

    out, err = capsys.readouterr()
    assert json.loads(out) == {
        "ok": False,
        "diagnostics": [
            {
                "code": "F101",
                "severity": "error",
                "message": "There is no state 'NOWHERE'.",
                "hint": "Known are A.",
                "file": file,
                "line": 6,
                "column": 15,
            }
        ],
    }
    assert err == ""


def test_a_file_that_is_not_there_exits_2_and_the_others_are_checked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    missing, wrong = str(tmp_path / "missing.yaml"), write(tmp_path, "wrong.yaml", WRONG)

    assert main(["check", missing, wrong]) == 2

    out, err = capsys.readouterr()
    assert out.startswith(f"{wrong}:6:15 F101 ")
    assert err.startswith(f"{missing}: cannot be read: No such file or directory. Check the name.\n")


def test_a_folder_is_no_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(tmp_path)]) == 2
    assert capsys.readouterr().err == f"{tmp_path}: cannot be read: Is a directory. Check the name.\n"


def test_another_encoding_is_a_fault_of_the_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "latin.yaml"
    file.write_bytes("id: peluquería\n".encode("latin-1"))

    assert main(["check", str(file)]) == 1
    assert capsys.readouterr().out == f"{file}:1:13 F001 Byte 0xed is not UTF-8. Save the file as UTF-8.\n"


def test_the_schema_is_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema"]) == 0
    assert json.loads(capsys.readouterr().out)["title"] == "FlowDocument"


@pytest.mark.parametrize("arguments", [[], ["check"], ["nonsense"], ["check", "--nonsense", "a.yaml"]])
def test_a_command_line_not_understood_exits_2(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as exited:
        main(arguments)

    assert exited.value.code == 2


def test_the_version_is_that_of_the_project() -> None:
    assert tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"] == VERSION


def test_python_runs_the_package_and_the_shipped_flows_are_clean_even_strictly() -> None:
    flows = sorted(str(file) for file in (ROOT / "flows").glob("*.yaml"))
    assert flows

    command = [sys.executable, "-m", "flow_engine", "check", "--strict", *flows]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert (result.returncode, result.stdout) == (0, "")


def test_python_prints_version_and_help() -> None:
    for option, begins in (("--version", "flow_engine "), ("--help", "usage: python -m flow_engine ")):
        command = [sys.executable, "-m", "flow_engine", option]
        result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        assert result.returncode == 0
        assert result.stdout.startswith(begins)


CALLING = CLEAN.replace(
    'on_enter: [{ action: send_text, text: "Hi" }]',
    'on_enter: [{ action: invoke_connector, connector: pos, operation: pay }, { action: send_text, text: "Hi" }]',
).replace("fallback: A", "transitions: [{ on_type: text, target: A }]")


def test_a_catalogue_of_ones_own_replaces_the_committed_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = write(tmp_path, "a.yaml", CALLING)
    catalog = write(tmp_path, "catalog.json", '{"pos": {"pay": {"access": "writes"}}}')

    assert main(["check", file]) == 1
    assert "F110 There is no connector 'pos'." in capsys.readouterr().out
    assert main(["check", file, "--catalog", catalog]) == 0


def test_the_limits_are_those_of_the_channel(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = write(tmp_path, "a.yaml", CLEAN.replace('text: "Hi"', f'text: "{"x" * 5000}"'))

    for channel in ("whatsapp", "http_dev"):
        main(["check", file, "--channel", channel])
        most = read_capabilities()[channel].text_chars
        assert f"F123 The text has 5000 characters; {channel} shows {most}." in capsys.readouterr().out


def test_templates_are_compared_with_the_list_that_is_given(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = write(tmp_path, "a.yaml", CLEAN.replace('send_text, text: "Hi"', "send_template, name: hello, language: en"))
    right = write(tmp_path, "right.json", '[{"name": "hello", "language": "en"}]')
    wrong = write(tmp_path, "wrong.json", '[{"name": "hullo", "language": "en"}]')

    assert main(["check", file]) == 0
    assert main(["check", file, "--templates", right]) == 0
    assert main(["check", file, "--templates", wrong]) == 1
    assert "F151 There is no approved template 'hello'. Did you mean 'hullo'?" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("option", "content", "message"),
    [
        ("--catalog", "{", "this is no JSON"),
        ("--catalog", "[]", "the catalogue must be an object"),
        ("--catalog", '{"pos": {"pay": {}}}', 'pos.pay: "access" must be "reads" or "writes"'),
        ("--templates", "{}", "the templates must be a list"),
        ("--templates", '[{"name": "hello"}]', 'template 0: "name" and "language" must be texts'),
        ("--templates", '[{"name": "a", "language": "en", "parameters": true}]', '"parameters" is how many there are'),
    ],
)
def test_data_that_cannot_be_used_exits_2_with_its_name(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], option: str, content: str, message: str
) -> None:
    data = write(tmp_path, "data.json", content)

    assert main(["check", write(tmp_path, "a.yaml", CLEAN), option, data]) == 2

    err = capsys.readouterr().err
    assert err.startswith(data)
    assert message in err


def test_an_unknown_channel_exits_2_with_the_known_ones(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", write(tmp_path, "a.yaml", CLEAN), "--channel", "fax"]) == 2
    assert capsys.readouterr().err.startswith("there is no channel 'fax'; known are http_dev, plain_text,")


def test_information_fails_nothing_even_strictly(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rule = next(rule for rule in RULES if rule.severity is Severity.INFO)
    file = write(tmp_path, "a.yaml", rule.wrong)

    assert main(["check", "--strict", file]) == 0
    assert rule.code in capsys.readouterr().out


def test_a_flow_of_the_present_version_is_not_migrated(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = write(tmp_path, "a.yaml", CLEAN)

    assert main(["migrate", "--write", file]) == 0

    assert Path(file).read_text(encoding="utf-8") == CLEAN
    assert capsys.readouterr() == ("", f"{file}: has version 1 already.\n")


@pytest.mark.parametrize(
    ("content", "status", "message"),
    [
        ("language_version: 7\n", 1, "the flow has version 7, and this engine reads 1; use a newer engine."),
        ("- no\n- flow\n", 1, "cannot be read as a flow; check says why."),
    ],
)
def test_what_cannot_be_migrated_is_left_as_it_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str, status: int, message: str
) -> None:
    file = write(tmp_path, "a.yaml", content)

    assert main(["migrate", "--write", file]) == status

    assert capsys.readouterr().err == f"{file}: {message}\n"
    assert Path(file).read_text(encoding="utf-8") == content


def test_the_reference_is_written_where_it_is_wanted(tmp_path: Path) -> None:
    assert main(["docs", "--into", str(tmp_path / "reference")]) == 0
    assert {file.name for file in (tmp_path / "reference").iterdir()} == {
        "flow-language.md",
        "flow-rules.md",
        "flow.schema.json",
    }
