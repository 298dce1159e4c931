"""What one would otherwise use."""
