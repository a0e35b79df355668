"""The only place that knows the spreadsheet libraries: reading what people send, writing what they take away."""
