"""Whole lines: real processes, real sockets, real webhook bodies."""
