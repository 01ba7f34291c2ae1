"""The formats of files, each read into a table; only the fenced process of `child` imports them."""
