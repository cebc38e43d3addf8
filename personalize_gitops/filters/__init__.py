"""The filter expression language: grammar, syntax tree, checks and evaluation."""
