"""Notifications: a message that goes to every channel of a target, within a time limit, and never fails a command.

`deliver` sends through channels (`model.ports.Channel`). The channel for URLs is here, those of AWS are in `aws`.
"""
