"""The written reference, made from the models, the rules and the committed data around a hand-written frame."""

from __future__ import annotations

from flow_engine.language.reference.language_page import language_page
from flow_engine.language.reference.rules_page import rules_page

__all__ = ["language_page", "rules_page"]
