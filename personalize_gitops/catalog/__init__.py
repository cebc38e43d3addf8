"""Facts of the service as data: recipes, use cases, hyperparameters, schema rules, quotas, durations.

Every fact names its source. Nothing here talks to anything, and nothing here depends on another package of ours.
"""
