"""Any calendar that speaks CalDAV: Nextcloud, iCloud, Fastmail, Radicale."""
