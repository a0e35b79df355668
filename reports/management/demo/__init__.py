"""An invented organisation: three regions, sixty-odd people, sixteen months: every page has something to show."""
