"""The doors of HTTP: each verifies, keeps, and says thank you."""
