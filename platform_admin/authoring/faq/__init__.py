"""The FAQ as its author sees it: rendered, in sections, its facts filled in, and tried with questions."""

from __future__ import annotations

from platform_admin.authoring.faq.inserting import insert_answer, likely_heading
from platform_admin.authoring.faq.preview import Section, outline, preview
from platform_admin.authoring.faq.trying import tried_as_json

__all__ = ["Section", "insert_answer", "likely_heading", "outline", "preview", "tried_as_json"]
