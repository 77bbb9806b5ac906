"""The vocabulary: frozen dataclasses that every room shares.

In: nothing. Out: the words of the glossary (artifact, place, fact, finding, verdict, ...).
Forbidden: any import outside the standard library, any input or output.
To add a word: one file here, the same word in the glossary, the CLI and the console.
"""
