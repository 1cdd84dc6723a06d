"""Which places of a conversation name a step, and what happens to them when the step changes."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from flow_engine.validation.outline import Outline, Word, read_outline
from flow_engine.validation.ways import ways
from flow_engine.vocabulary import JSON
from platform_admin.authoring.editing.edit import Path, Reference
from platform_admin.authoring.editing.errors import EditError, StaleEditError
from platform_admin.changes.step_title import step_title

SUB_FLOW_MARK = "/"
"""``flow/STEP`` names a step of a sub-flow, as everywhere people see names."""


def place_of(name: str) -> Path:
    """Where the step ``name`` (``STEP`` or ``flow/STEP``) stands."""
    flow, mark, step = name.rpartition(SUB_FLOW_MARK)
    return ("flows", flow, "states", step) if mark else ("states", name)


def require_step(document: JSON, name: str) -> None:
    graph = graph_of(document, name)
    if name.rpartition(SUB_FLOW_MARK)[2] not in graph.states:
        raise StaleEditError(_("There is no step “%(step)s” any more.") % {"step": step_title(name)})


def require_free(document: JSON, name: str) -> None:
    if name.rpartition(SUB_FLOW_MARK)[2] in graph_of(document, name).states:
        raise EditError(_("There is a step “%(step)s” already. Choose another name.") % {"step": step_title(name)})


def references_to(document: JSON, name: str) -> tuple[Reference, ...]:
    """Every place that leads to the step, in the order of the text; its own ways back to itself included."""
    step = name.rpartition(SUB_FLOW_MARK)[2]
    found = (word for word in _words(graph_of(document, name)) if word.text == step)
    return tuple(Reference(word.path, word.text) for word in found)


def graph_of(document: JSON, name: str) -> Outline:
    """The flow or sub-flow whose steps ``name`` speaks of."""
    outline = read_outline(document)
    flow, mark, _step = name.rpartition(SUB_FLOW_MARK)
    if not mark:
        return outline
    if flow not in outline.flows:
        raise StaleEditError(_("There is no part “%(part)s” of this conversation any more.") % {"part": flow})
    return outline.flows[flow]


def _words(graph: Outline) -> Iterator[Word]:
    candidates = [graph.root.word("initial_state")]
    candidates += [word for part in graph.global_transitions for word in [part.word("target")]]
    candidates += [word for session in graph.root.inner("session") for word in [session.word("target")]]
    candidates += [part.word(key) for part in graph.root.inner("renamed_states") for key in part.members]
    for state in graph.states.values():
        candidates += [way.target for way in ways(state)]
    yield from (word for word in candidates if word is not None)
