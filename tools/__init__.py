"""Generators of documentation pages. They import the package; the wheel does not contain them."""
