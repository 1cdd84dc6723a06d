"""``graph``: prints a flow as a picture."""

from __future__ import annotations

import sys
from pathlib import Path

from flow_engine.cli.exit_status import ExitStatus
from flow_engine.cli.flow_files import FlowFileError, read_flow_file
from flow_engine.graph import draw_mermaid, draw_svg, read_graph
from flow_engine.validation.surroundings import Surroundings

FORMATS = {"mermaid": draw_mermaid, "svg": draw_svg}


def draw(flow: Path, format_: str, surroundings: Surroundings | None = None) -> ExitStatus:
    """``FAULTS`` for a flow with errors, which ``check`` lists as well."""
    try:
        loaded = read_flow_file(flow, surroundings)
    except FlowFileError as error:
        print(error, file=sys.stderr)
        return ExitStatus.FAULTS if flow.is_file() else ExitStatus.USAGE
    print(FORMATS[format_](read_graph(loaded.program)), end="")
    return ExitStatus.CLEAN
