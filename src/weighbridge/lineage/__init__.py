"""Ancestry of weights: sketches of them, their comparison, and what is declared.

In: a byte source and the tensor table that a reader found, or sketches. Out: sketches, graded likeness, ancestors.
Forbidden: input and output; saying "independent".
"""
