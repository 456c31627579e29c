"""The control door: a small JSON API on a port of its own."""
