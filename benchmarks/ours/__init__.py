"""Our side of every claim, through our public entry points."""
