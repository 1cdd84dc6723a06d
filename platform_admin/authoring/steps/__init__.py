"""The form of one step: what its document holds, as questions a person can answer.

Which questions a construct has is a table (``constructs``); what one step answers them with is read from the document
as it is (``form``), faults and all. Every field knows its path, so a change is an edit of ``editing`` and nothing more.
"""

from __future__ import annotations

from platform_admin.authoring.steps.form import StepForm, read_step

__all__ = ["StepForm", "read_step"]
