"""Ports to the world outside, in our words, and the adapters that speak each provider's."""
