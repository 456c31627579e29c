"""The doors of galleries: what visitors open, below `/g/<slug>` and `/s/<token>`."""
