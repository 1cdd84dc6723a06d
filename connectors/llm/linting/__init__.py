"""What is wrong with a knowledge document before any customer reads from it. Pure: text and settings in, findings out.

An answer engine repeats the document faithfully, contradictions included; whoever wrote it should hear of them first.
"""

from connectors.llm.linting.finding import Code, Finding
from connectors.llm.linting.linter import KnowledgeFacts, lint_knowledge

__all__ = ["Code", "Finding", "KnowledgeFacts", "lint_knowledge"]
