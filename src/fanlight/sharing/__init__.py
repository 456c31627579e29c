"""Who comes in to a gallery, by which address, and what they may do there."""
