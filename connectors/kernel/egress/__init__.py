"""Calls to addresses that a tenant wrote: where they may go, and the one client that goes there.

What belongs here: which addresses are public, what an operator opened, checking and connecting in one step. What does
not: what is asked there.
"""

from connectors.kernel.egress.policy import EgressPolicy, EgressPolicyError, read_egress_policy

__all__ = ["EgressPolicy", "EgressPolicyError", "read_egress_policy"]
