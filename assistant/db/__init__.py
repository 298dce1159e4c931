"""The tables, and beside each the questions asked of it."""
