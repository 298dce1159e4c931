"""The queue's doors: three lines a job, each one service call."""
