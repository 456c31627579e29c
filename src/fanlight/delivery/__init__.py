"""Delivery: from a request for a public address to the bytes, safely and fast."""
