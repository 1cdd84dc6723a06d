"""What the engine is measured with: recorded conversations, played again and again."""
