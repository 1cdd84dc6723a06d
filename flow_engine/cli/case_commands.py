"""The options of ``test``, ``chat``, ``record``, ``why`` and ``graph``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from flow_engine.cases.assembling import DEFAULT_CHANNEL, DEFAULT_NOW
from flow_engine.cli.chat import ChatOptions, chat, record
from flow_engine.cli.draw import FORMATS, draw
from flow_engine.cli.exit_status import ExitStatus
from flow_engine.cli.run_cases import RunOptions, run_cases
from flow_engine.cli.subcommands import Subcommands
from flow_engine.cli.surroundings import read_surroundings
from flow_engine.cli.why import tell_why
from flow_engine.errors import SurroundingsError
from flow_engine.validation.surroundings import Surroundings


def add_test(commands: Subcommands) -> None:
    test = commands.add_parser(
        "test",
        help="run the cases of flows",
        description="Run cases: files, or folders with cases/*.yaml below them. Exit 0: all pass; 1: one fails, or "
        "less is walked than asked for; 2: a file cannot be used.",
    )
    test.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="a case, or a folder")
    test.add_argument("--coverage", action="store_true", help="show which states and transitions no case walks")
    test.add_argument("--fail-states", type=float, metavar="PERCENT", help="the least part of states to be walked")
    test.add_argument("--fail-transitions", type=float, metavar="PERCENT", help="the same of transitions")
    test.add_argument("--update", action="store_true", help="make what the bot says now what the cases expect")
    test.add_argument("--junit", type=Path, metavar="FILE", help="write the results as JUnit XML")
    test.add_argument("--json", action="store_true", help="print one JSON object instead of lines")
    test.set_defaults(run=_against(_test))
    _add_surroundings(test)


def _test(options: argparse.Namespace, against: Surroundings) -> ExitStatus:
    return run_cases(
        RunOptions(
            surroundings=against,
            paths=tuple(options.paths),
            coverage=options.coverage,
            fail_states=options.fail_states,
            fail_transitions=options.fail_transitions,
            update=options.update,
            junit=options.junit,
            json=options.json,
        )
    )


def add_chat(commands: Subcommands) -> None:
    chat_ = commands.add_parser("chat", help="talk to a flow in the terminal", description="Talk to a flow.")
    _add_chat_options(chat_)
    chat_.set_defaults(run=_against(lambda options, against: chat(_chat_options(options, against))))
    record_ = commands.add_parser(
        "record",
        help="talk to a flow, and keep the chat as a case",
        description="Talk to a flow. At the end the chat is written to OUT as a case, and the case is run.",
    )
    _add_chat_options(record_)
    record_.add_argument("out", type=Path, metavar="OUT", help="the case to write (cases/*.yaml)")
    record_.set_defaults(run=_against(lambda options, against: record(_chat_options(options, against), options.out)))


def add_why(commands: Subcommands) -> None:
    why = commands.add_parser(
        "why",
        help="tell why the bot answers as it does in a case",
        description="Play a case, and tell after each step which rule matched, why others did not, and what followed.",
    )
    why.add_argument("case", type=Path, metavar="CASE", help="a case")
    why.set_defaults(run=_against(lambda options, against: tell_why(options.case, against)))
    _add_surroundings(why)


def add_graph(commands: Subcommands) -> None:
    graph = commands.add_parser("graph", help="print a flow as a picture", description="Print a flow as a picture.")
    graph.add_argument("flow", type=Path, metavar="FLOW", help="a flow in YAML")
    graph.add_argument("--format", choices=tuple(FORMATS), default="mermaid")
    graph.set_defaults(run=_against(lambda options, against: draw(options.flow, options.format, against)))
    _add_surroundings(graph)


def _add_chat_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("flow", type=Path, metavar="FLOW", help="a flow in YAML")
    parser.add_argument("--answers", type=Path, metavar="FILE", help="example answers of connectors, in YAML or JSON")
    parser.add_argument("--channel", default=DEFAULT_CHANNEL, help="whose limits messages are shaped for")
    parser.add_argument("--now", default=DEFAULT_NOW, metavar="TIME", help="when the chat begins")
    parser.add_argument("--llm", action="store_true", help="answer free questions")
    _add_surroundings(parser)


def _chat_options(options: argparse.Namespace, against: Surroundings) -> ChatOptions:
    return ChatOptions(options.flow, options.answers, options.channel, options.now, options.llm, against)


def _add_surroundings(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--catalog", type=Path, metavar="FILE", help="connectors as JSON, as for check")
    parser.add_argument("--templates", type=Path, metavar="FILE", help="the approved templates as JSON, as for check")


def _against(
    run: Callable[[argparse.Namespace, Surroundings], ExitStatus],
) -> Callable[[argparse.Namespace], ExitStatus]:
    """Read what flows are checked against before ``run`` reads the flows."""

    def read_and_run(options: argparse.Namespace) -> ExitStatus:
        try:
            against = read_surroundings(catalog=options.catalog, channel=DEFAULT_CHANNEL, templates=options.templates)
        except SurroundingsError as error:
            print(f"{error}.", file=sys.stderr)
            return ExitStatus.USAGE
        return run(options, against)

    return read_and_run
