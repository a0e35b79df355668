"""An invented organisation: three regions, sixty-odd people, a year and a half: every page has something to show."""
