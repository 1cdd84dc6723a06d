"""Channels: how customers reach the bot. One folder per channel; ``factory`` knows them all."""
