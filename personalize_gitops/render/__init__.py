"""Values to text: what commands compute, views format. Text for people, JSON with a version for machines.

Every renderer takes a value of `model` and returns a string; the same value gives the same bytes. Symbols and colour
live in `style` only; `schemas/` of the package holds the JSON Schema of each JSON document.
"""
