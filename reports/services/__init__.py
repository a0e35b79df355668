"""Loading a workbook: all of it in one transaction, or nothing."""
