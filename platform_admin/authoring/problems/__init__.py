"""What is wrong with a draft, as its author would say it, and what mends it at one press.

The checker speaks of a document (``flow_engine.diagnostics``); here the same is said of a business and its customers.
``words`` has a sentence for every code, ``fixes`` what can be offered, ``tell`` puts both on the page.
"""

from __future__ import annotations

from platform_admin.authoring.problems.fix import Fix
from platform_admin.authoring.problems.fixes import fixes_for
from platform_admin.authoring.problems.problem import tell

__all__ = ["Fix", "fixes_for", "tell"]
