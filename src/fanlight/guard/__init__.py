"""What guards doors: passwords, tokens, and waits for who guesses. Knows nobody's name."""
