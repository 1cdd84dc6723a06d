"""Notifications that go nowhere and can be read back."""
