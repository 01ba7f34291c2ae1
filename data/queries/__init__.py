"""Reads, by subject: one function a question."""
