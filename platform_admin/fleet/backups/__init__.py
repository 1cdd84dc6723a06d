"""Copies of tenants' state, kept apart from the machines that run them."""
