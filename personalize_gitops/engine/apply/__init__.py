"""Carry out a plan.

`steps` turns it into calls and their order, `loop` makes the calls and waits for their outcome.
"""
