"""Runs the command line: `python -m gongkai`."""

from gongkai.cli import main

main()
