"""What is typed on decisions and on pay."""
