"""What can go wrong on the machine itself, told in a sentence to the person who started it."""


class LocalServerError(Exception):
    """Something this machine was to run does not run."""
