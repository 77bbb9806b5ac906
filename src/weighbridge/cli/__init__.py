"""The command line: one command a file, `screen.py` the only writer to stdout and stderr.

Forbidden: rules of its own. To add one: `<command>.py` with a `command`, one line in `main.py`.
"""
