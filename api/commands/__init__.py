"""The commands, by subject; `api.cli` puts them together."""
