"""Values to text: what commands compute, views format. Text for people, JSON with a version for machines.

Every renderer takes a value of `model` or `engine` and returns a string; the same value gives the same bytes. Symbols and
colour live in `style` only.
"""
