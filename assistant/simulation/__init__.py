"""Months of a spa in one process on a stopped clock, with everything going wrong: the same seed is the same story."""
