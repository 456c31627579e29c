"""The doors: HTTP in, one use case, an answer out."""
