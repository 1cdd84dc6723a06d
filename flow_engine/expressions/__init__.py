"""The expression language of flows: texts with ``{{ … }}`` and conditions, for untrusted authors.

Compiled once to Python closures, bounded in time and size, without any way into Python objects.
What it can do is in ``docs/flow-language.md``; why it is our own is in
``docs/adr/0002-expression-language.md``.
"""

from __future__ import annotations

from flow_engine.errors import ExpressionError
from flow_engine.expressions.closures import Scope
from flow_engine.expressions.computed import AT, COMPUTED
from flow_engine.expressions.condition import Condition, compile_condition
from flow_engine.expressions.locale import Locale, locale_for
from flow_engine.expressions.localised import LANGUAGE, Languages, compile_localised, compile_wordless, spoken
from flow_engine.expressions.nodes import names_read
from flow_engine.expressions.template import (
    Template,
    ValueTemplate,
    compile_template,
    compile_value,
)

__all__ = [
    "AT",
    "COMPUTED",
    "LANGUAGE",
    "Condition",
    "ExpressionError",
    "Languages",
    "Locale",
    "Scope",
    "Template",
    "ValueTemplate",
    "compile_condition",
    "compile_localised",
    "compile_template",
    "compile_value",
    "compile_wordless",
    "locale_for",
    "names_read",
    "spoken",
]
