"""Work for later: when it is due, and how it becomes an event. The rows are in the store (``TaskStore``)."""
