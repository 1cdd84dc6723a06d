"""Runs a program: ``start`` a conversation, then ``advance`` it with every event. Begin reading in ``advance.py``."""

from __future__ import annotations

from flow_engine.interpreter.advance import advance
from flow_engine.interpreter.standing import StandingTask, standing_call, standing_tasks
from flow_engine.interpreter.start import start
from flow_engine.interpreter.step import Step

__all__ = ["StandingTask", "Step", "advance", "standing_call", "standing_tasks", "start"]
