"""What people do about themselves and each other. Each verb: check, do, audit, in one transaction."""
