"""Google Calendar, through a service account that the business shares its calendars with."""
