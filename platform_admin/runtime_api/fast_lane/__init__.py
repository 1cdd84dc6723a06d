"""What runtimes ask again and again, answered with one look at the database (docs/adr/0028-a-fast-lane.md)."""
