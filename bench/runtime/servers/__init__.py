"""Processes that are measured from outside: ours, the limit, and a peer. Each takes its port as first argument."""
