"""Any REST API, reached by what a tenant declares: no code, and nowhere it has no business."""
