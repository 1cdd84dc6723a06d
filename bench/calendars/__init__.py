"""What a calendar is measured with."""
