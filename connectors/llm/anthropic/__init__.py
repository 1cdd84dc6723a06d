"""Answers by a model of Anthropic's Messages API."""
