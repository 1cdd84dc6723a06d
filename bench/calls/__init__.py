"""What every call of a connector pays."""
