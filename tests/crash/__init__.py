"""Does a runtime lose anything when it is killed? ``make crash-test``; docs/reliability.md says what is proven.

``harness`` drives ``traffic`` over signed webhooks at a runtime that ``nursery`` bears again after each kill, with
``counterparts`` in place of Meta's Graph API and of a calendar. After each kill ``reader`` looks into a copy of the
state file, and ``checks`` compares what it finds with what was acknowledged, sent and booked. ``mutants`` are runtimes
that do lose something: the harness must find each of them out, by the judge that is meant for it (``verdict``).
"""
