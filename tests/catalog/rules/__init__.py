"""Tests of `catalog.rules`."""
