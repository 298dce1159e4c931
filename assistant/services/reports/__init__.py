"""What the owner reads, as of any day: one file a report, each a value with an identity that holds or is told."""
