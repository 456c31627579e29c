"""Dropbox: somebody's account there as a channel."""
