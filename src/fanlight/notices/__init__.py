"""Telling people what happened in galleries: by mail, by webhook, on a page."""
