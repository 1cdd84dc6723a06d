"""The life of a tenant's data: copies, restores, retention, erasure, and looking inside."""
