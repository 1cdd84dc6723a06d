"""The first day of a business: from a template to a bot that is tried, connected and live."""
