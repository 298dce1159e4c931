"""What the product claims about its speed, each claim beside its floor and its peer: `python -m benchmarks p3`."""
