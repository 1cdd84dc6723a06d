"""Patterns over what a customer writes: RE2, which takes time in proportion to the text whatever the pattern.

RE2 is loaded with the first pattern and not before: it costs five megabytes, and most flows have none.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from flow_engine.program.computed import check_data_name
from flow_engine.program.reading import Fields

MAX_PATTERN_CHARS = 256
"""Characters of a pattern; what is longer belongs into a connector."""

MAX_TEXT_CHARS = 4096
"""Characters of a text that patterns look at: WhatsApp's longest message. No pattern fits a longer one."""

MAX_MEMORY_BYTES = 1 << 20
"""Memory of one compiled pattern. RE2 refuses what would need more, such as nested large repetitions."""


class PatternError(Exception):
    """A pattern that RE2 does not take. Stays within the package that compiles it."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """A compiled pattern. ``find`` gives the named groups that took part, or ``None`` where nothing fits."""

    source: str
    groups: tuple[str, ...]
    find: Callable[[str], Mapping[str, str] | None] = field(repr=False, compare=False)


def compile_pattern(source: str) -> Pattern:
    """Compile ``source`` in the syntax of RE2. Raises PatternError with the reason."""
    import re2  # noqa: PLC0415  # see the module: only a flow with a pattern pays for it

    if len(source) > MAX_PATTERN_CHARS:
        raise PatternError(f"the pattern is longer than {MAX_PATTERN_CHARS} characters")
    options = re2.Options()
    options.max_mem = MAX_MEMORY_BYTES
    options.log_errors = False
    try:
        compiled = re2.compile(source, options)
    except (re2.error, UnicodeEncodeError) as fault:
        raise PatternError(_reason(fault)) from fault

    def find(text: str) -> Mapping[str, str] | None:
        if len(text) > MAX_TEXT_CHARS:
            return None
        try:
            match = compiled.search(text)
        except UnicodeEncodeError:  # half a surrogate pair, which no pattern can mean
            return None
        return None if match is None else {name: part for name, part in match.groupdict().items() if part is not None}

    return Pattern(source, tuple(compiled.groupindex), find)


def _reason(fault: Exception) -> str:
    reason = fault.args[0] if fault.args else fault
    return reason.decode("utf-8", "replace") if isinstance(reason, bytes) else str(reason)


def read_pattern(fields: Fields, key: str) -> Pattern | None:
    source = fields.optional_text(key)
    if source is None:
        return None
    try:
        pattern = compile_pattern(source)
    except PatternError as fault:
        fields.fail(key, str(fault))
    for name in pattern.groups:
        check_data_name(fields, key, name)
    return pattern
