"""The line to the control plane: one HTTP client for everything (docs/runtime-api.md). Nothing else speaks to it."""
