"""``docs/flow-rules.md``: every rule with its reason and both examples."""

from __future__ import annotations

import sys

from flow_engine.validation import RULES, Rule

_HEAD = """\
# What `check` says

`python -m flow_engine check FILE…` finds every fault of a flow in one run and prints a line for each:
`file:line:column code message hint`. Options:

| option | |
|---|---|
| `--catalog FILE` | the connectors that the flow may call, instead of those that the project ships |
| `--channel NAME` | the channel whose limits count; `whatsapp` without it |
| `--templates FILE` | the approved templates; without the list nothing is said of their names |
| `--strict` | warnings fail as well |
| `--json` | one JSON object: `{"ok", "diagnostics"}` |

Exit status 0: nothing, or warnings and information only; 1: errors; 2: the command line or a file cannot be used.
An *error* keeps a flow from being published; a *warning* does not; *information* tells what the engine makes of it.

A catalogue is JSON: category → operation → `{"access": "reads" or "writes", "parameters": {name: {"required": true}},
"result": an example}`. `flow_engine/validation/catalog.json` is the one that counts without `--catalog`.

Templates are JSON too: `[{"name": "see_you_soon", "language": "en", "parameters": 2}]`; how many blanks each has.

## YAML and keys

| code | what is wrong |
|---|---|
| `F001` | a character or an encoding that is not allowed |
| `F002`, `F008`, `F009` | too large, too deep, too many values |
| `F003` | no valid YAML |
| `F004`, `F005` | an anchor, a reference, a merge key, a tag |
| `F006` | no document, or more than one |
| `F007` | a key that stands twice |
| `F010`, `F011` | a key that is no text; a number or date that has to be quoted |
| `F020` | a key that is not known here |
| `F021` | a key that is missing |
| `F022` | a value of the wrong kind |
| `F023` | an action or a kind of message that does not exist |
| `F024` | a value outside its bounds |

## Rules

The line of the wrong example that is told ends with `# here`.
"""


def rules_page() -> str:
    overview = ["| code | | what is wrong |", "|---|---|---|"]
    overview += [f"| [`{rule.code}`](#{_anchor(rule)}) | {rule.severity.value} | {what(rule)} |" for rule in RULES]
    return "\n".join((_HEAD, *overview, "", *(_section(rule) for rule in RULES)))


def what(rule: Rule) -> str:
    """What is wrong, in the words of the rule's own module."""
    module = sys.modules[rule.find.__module__].__doc__ or ""
    return module.partition(": ")[2].strip().rstrip(".")


def _anchor(rule: Rule) -> str:
    return f"{rule.code.lower()}-{rule.name}"


def _section(rule: Rule) -> str:
    return (
        f"### {rule.code} {rule.name}\n\n"
        f"{rule.severity.value.capitalize()}: {what(rule)}. {rule.reason}\n\n"
        f"Wrong:\n\n```yaml\n{rule.wrong}```\n\nRight:\n\n```yaml\n{rule.right}```\n"
    )
