"""secretary turns documents into structured results, in the background, with live progress."""

from importlib.metadata import version

__version__ = version("secretary")
