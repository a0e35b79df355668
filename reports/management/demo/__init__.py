"""An invented organisation: three regions, sixty-odd people, sixteen months, so that every page has something to show."""
