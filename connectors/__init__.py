"""Connectors: how a conversation reaches calendars, answer engines and the rest of the world.

What belongs here: ports, providers and the pipeline that makes every call safe.
What does not: Django, Starlette, and anything of the flow engine; this package knows none of them.

Start reading at ``port.py`` (one call), ``registry.py`` (from configuration to connectors) and
``kernel/pipeline.py`` (the order of deadline, retry, breaker and timeout).
"""
