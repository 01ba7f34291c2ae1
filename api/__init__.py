"""The edge: HTTP and command line."""
