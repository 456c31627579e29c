"""Bytes: hashing as the service hashes, and a spool directory that holds every version."""
