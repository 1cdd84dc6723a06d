"""The FAQ as its author sees it: rendered, in sections, and tried with questions."""

from __future__ import annotations

from platform_admin.authoring.faq.preview import Section, outline, preview
from platform_admin.authoring.faq.question import Tried, try_question

__all__ = ["Section", "Tried", "outline", "preview", "try_question"]
