"""What goes wrong, and how slowly: faults, latency, limits, locks, and the log that tells."""
