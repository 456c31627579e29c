"""Notices: what is written down, and who is told."""
