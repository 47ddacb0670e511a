"""`python -m secretary`: the command line, and how the supervisor starts its children."""

from secretary.cli import main

main()
