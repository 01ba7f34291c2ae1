"""Set-up: what the Makefile runs."""
