"""Measurements of the whole service, each beside a baseline taken in the same run: `python -m benchmarks [NAME …]`."""
