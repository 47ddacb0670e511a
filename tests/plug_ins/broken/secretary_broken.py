"""A package that was made for another version of what it needs: it cannot be imported."""

from secretary.job_types import Handler

BROKEN = Handler("broken")
