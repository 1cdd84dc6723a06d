"""Customers: what was said, who is wanted, and what people of the business can do about it."""
