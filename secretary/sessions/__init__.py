"""A conference session out of what lies on the web: its page, its video and its slides, gathered into one report."""
