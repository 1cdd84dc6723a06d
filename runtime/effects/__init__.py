"""What the engine decides, carried out: rows of the step's transaction, and the one call it waits for."""
