"""What viewers give back: picks in lists, notes, comments; and what the owner makes of it."""
