"""The live view in the terminal: `wb top`.

In: what runs, again and again. Out: a screen. Forbidden: rules of its own; asking the machine anything itself.
"""
