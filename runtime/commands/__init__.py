"""What the control plane may ask for: stored, begun, carried out once, told (docs/runtime-api.md)."""
