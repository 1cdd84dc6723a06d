"""What the runtime's core needs from outside itself, and what it offers: interfaces only, one per file."""
