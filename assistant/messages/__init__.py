"""What we say: every message is a value, and its words are files."""
