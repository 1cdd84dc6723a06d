"""``F132``: data that is used before it is set on some path."""

from __future__ import annotations

from collections.abc import Iterator

from flow_engine.diagnostics import Severity
from flow_engine.expressions.nodes import Binary, Filtered, Node, Path, Sequence, Unary
from flow_engine.validation.data_names import COMPUTED, writes, written_by_transition
from flow_engine.validation.expressions import nodes_of_template, templates_of, templates_of_collect
from flow_engine.validation.outline import Outline, Part, StateOutline, Word
from flow_engine.validation.rule import Fault, Rule
from flow_engine.validation.set_before import Names, asked_before, settle, walk


def _find(outline: Outline) -> Iterator[Fault]:
    written = {word.text for word in writes(outline)} - COMPUTED
    names = Names()
    for graph in outline.graphs():
        for name, entry in settle(graph, names).items():
            for word, mask in _reads(graph.states[name], entry, names):
                for missing in _unset(word, mask, written, names):
                    message = f"'data.{missing}' is not set on every path to '{name}'."
                    hint = "Set it before, or write '| default: …' behind it."
                    yield Fault(word.path, message, hint)


def _unset(word: Word, mask: int, written: set[str], names: Names) -> list[str]:
    """Names that ``word`` shows or hands on as they are, and that are not in ``mask``; never set ones are F124."""
    shown = {name for node in nodes_of_template(word.text) for name in _shown(node)}
    return [name for name in sorted(shown & written) if not names.mask((name,)) & mask]


def _reads(state: StateOutline, entry: int, names: Names) -> Iterator[tuple[Word, int]]:
    """Every template of the state with what is set where it is worked out."""
    gone = walk(state, entry, names)
    for action, mask in zip(state.on_enter, gone.before, strict=True):
        yield from ((word, mask) for word in templates_of(action))
    for collect in state.part.inner("collect"):
        own = gone.rest | names.mask(filter(None, (collect.text("save_as"),)))
        yield from ((word, own) for word in templates_of_collect(collect))
    for transition, asked in zip(state.transitions, asked_before(state.transitions, names), strict=True):
        mask = gone.rest | names.words(written_by_transition(transition)) | asked
        yield from ((word, mask) for word in _values(transition))


def _values(part: Part) -> Iterator[Word]:
    for values in part.inner("set_data"):
        yield from (word for name in values.members if (word := values.word(name)) is not None)


def _shown(node: Node) -> Iterator[str]:
    """Names whose absence leaves a hole; what is asked about, or has a default, leaves none."""
    match node:
        case Path("data", (str(name), *_)):
            yield name
        case Sequence(items):
            for item in items:
                yield from _shown(item)
        case Unary("-", operand):
            yield from _shown(operand)
        case Binary("+" | "-" | "*", left, right):
            yield from _shown(left)
            yield from _shown(right)
        case Filtered(operand, filter_name, _):
            if filter_name != "default":
                yield from _shown(operand)
        case _:
            return


RULE = Rule(
    code="F132",
    name="unset-on-a-path",
    severity=Severity.WARNING,
    reason="On that path it is empty: the customer reads a hole, and a connector gets nothing.",
    wrong="""\
id: shop
initial_state: MENU
states:
  MENU:
    on_enter:
      - action: send_text
        text: "Hello! Type small, or skip."
    transitions:
      - on_payload: "small"
        set_data:
          size: "small"
        target: NOTED
      - on_payload: "skip"
        target: NOTED
    fallback: MENU
  NOTED:
    on_enter:
      - action: send_text
        text: "Your size: {{ data.size }}." # here
    fallback: MENU
""",
    right="""\
id: shop
initial_state: MENU
states:
  MENU:
    on_enter:
      - action: send_text
        text: "Hello! Type small, or skip."
    transitions:
      - on_payload: "small"
        set_data:
          size: "small"
        target: NOTED
      - on_payload: "skip"
        target: NOTED
    fallback: MENU
  NOTED:
    on_enter:
      - action: send_text
        text: "Your size: {{ data.size | default: 'not chosen' }}."
    fallback: MENU
""",
    find=_find,
)
