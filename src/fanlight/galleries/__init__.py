"""Galleries: filled from folders or by hand, arranged, opened and closed; and read by viewers."""
