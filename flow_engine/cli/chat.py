"""Sets a flow up for the terminal; ``record`` also writes what happened as a case and sees that it passes."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from flow_engine.cases import program_settings, run_case
from flow_engine.cases.assembling import DEFAULT_CHANNEL, DEFAULT_NOW, moment
from flow_engine.cases.fields import is_moment
from flow_engine.cases.recording import RecordedAnswers
from flow_engine.cases.stage import Stage
from flow_engine.cases.writing import write_document
from flow_engine.cli.case_files import CaseFileError, CaseFiles, unknown_channel
from flow_engine.cli.examples import AnswersFileError, ExampleAnswers, read_examples
from flow_engine.cli.exit_status import ExitStatus
from flow_engine.cli.flow_files import FlowFileError, LoadedFlow, read_flow_file
from flow_engine.cli.report import failure_lines
from flow_engine.cli.terminal import HELP, Terminal
from flow_engine.errors import ProgramError
from flow_engine.program import ProgramSettings, load_program
from flow_engine.validation.surroundings import Surroundings
from flow_engine.vocabulary import JSON, JSONObject

CUSTOMER: Final = "Ana"


@dataclass(frozen=True, slots=True)
class ChatOptions:
    """``llm`` lets free questions be answered, whatever the settings beside the flow say."""

    flow: Path
    answers: Path | None = None
    channel: str = DEFAULT_CHANNEL
    now: str = DEFAULT_NOW
    llm: bool = False
    surroundings: Surroundings | None = None


class _ChatError(Exception):
    """The chat cannot begin; the argument says why."""


def chat(options: ChatOptions) -> ExitStatus:
    try:
        _, terminal, _ = _set_up(options)
    except _ChatError as error:
        print(error, file=sys.stderr)
        return ExitStatus.USAGE
    _talk(terminal)
    return ExitStatus.CLEAN


def record(options: ChatOptions, out: Path) -> ExitStatus:
    """``FAULTS`` when the written case does not pass, which would be a fault of the engine."""
    try:
        if out.exists():
            raise _ChatError(f"{out} is there already. Choose another name.")
        flow, terminal, answers = _set_up(options)
    except _ChatError as error:
        print(error, file=sys.stderr)
        return ExitStatus.USAGE
    _talk(terminal)
    if not terminal.steps:
        print("Nothing was said, so nothing is written.", file=sys.stderr)
        return ExitStatus.CLEAN
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(write_document(_document(options, flow, terminal, answers, out)), encoding="utf-8")
    return _verify(out, options.surroundings)


def _set_up(options: ChatOptions) -> tuple[LoadedFlow, Terminal, RecordedAnswers]:
    if not is_moment(options.now):
        raise _ChatError(f"'{options.now}' is no date and time. Write it like {DEFAULT_NOW}.")
    try:
        flow = read_flow_file(options.flow, options.surroundings)
        settings = _settings(flow, options)
        program = load_program(flow.program, settings)
        examples = ExampleAnswers(read_examples(options.answers, settings.language), settings, _tell)
    except (FlowFileError, AnswersFileError, ProgramError) as error:
        raise _ChatError(str(error)) from error
    if options.channel not in program.capabilities:
        raise _ChatError(unknown_channel("--channel", options.channel, program))
    answers = RecordedAnswers(examples)
    now = moment(options.now, program)
    stage = Stage(program, answers, now, channel=options.channel, contact_id="customer", name=CUSTOMER)
    return flow, Terminal(stage, examples, flow.program, sys.stdout), answers


def _settings(flow: LoadedFlow, options: ChatOptions) -> ProgramSettings:
    return program_settings({**flow.defaults, **({"llm_enabled": True} if options.llm else {})})


def _talk(terminal: Terminal) -> None:
    print(HELP)
    for line in _lines():
        if not terminal.handle(line):
            return


def _lines() -> Iterator[str]:
    while True:
        try:
            yield input("> ")
        except (EOFError, KeyboardInterrupt):
            print()
            return


def _document(
    options: ChatOptions, flow: LoadedFlow, terminal: Terminal, answers: RecordedAnswers, out: Path
) -> JSONObject:
    steps: list[JSON] = list(terminal.steps)
    path = flow.path.resolve().relative_to(out.resolve().parent, walk_up=True)
    document: JSONObject = {
        "description": "(say here what happens)",
        "flow": path.as_posix(),
        "now": options.now,
        "channel": options.channel,
        "contact": {"id": "customer", "name": CUSTOMER},
    }
    if options.llm:
        document["settings"] = {"llm_enabled": True}
    if answers.connectors:
        document["connectors"] = answers.connectors
    if answers.llm:
        document["llm"] = answers.llm
    return {**document, "steps": steps}


def _verify(out: Path, surroundings: Surroundings | None) -> ExitStatus:
    try:
        loaded = CaseFiles(surroundings).load(out)
    except CaseFileError as error:
        print(error, file=sys.stderr)
        return ExitStatus.FAULTS
    result = run_case(loaded.case, loaded.program)
    for line in failure_lines(result):
        print(line)
    print(f"{out}: {'written, and it passes' if result.passed else 'written, but it does not pass'}", file=sys.stderr)
    return ExitStatus.CLEAN if result.passed else ExitStatus.FAULTS


def _tell(message: str) -> None:
    print(f"({message})")
