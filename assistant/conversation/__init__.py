"""Words: from what a member wrote to what we say back."""
