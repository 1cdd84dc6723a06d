"""The parts of ``degradation``: one module for each family of outputs, and what they write down about their changes."""
