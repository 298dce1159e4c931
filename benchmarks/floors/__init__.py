"""The least work that does the same thing correctly."""
