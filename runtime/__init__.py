"""One tenant's runtime: a slim process that answers customers from a signed configuration.

Start reading in ``app.py``. Importing anything here does nothing: no I/O, no environment.
"""
