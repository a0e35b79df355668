#!/usr/bin/env python
"""Run a management command."""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kpi_portal.settings")
    # somebody waits for the command: no statement of it is cut off, as one of a page would be
    os.environ.setdefault("DB_STATEMENT_TIMEOUT_MS", "0")
    execute_from_command_line(sys.argv)
