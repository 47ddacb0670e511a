"""A service seen from outside, wherever it runs: where it is, what it is asked, and how its jobs are followed."""
