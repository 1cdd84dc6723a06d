"""A Graph API for WhatsApp sends that runs on loopback, checks strictly and fails on demand."""
