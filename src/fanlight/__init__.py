"""Fanlight publishes what is in your own cloud storage."""

__version__ = "0.1.0"
