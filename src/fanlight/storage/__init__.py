"""Bytes in other people's services: the seam, the wrapper and the providers."""
