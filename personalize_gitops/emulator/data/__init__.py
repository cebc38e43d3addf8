"""Rows of datasets: tables, parsing, the checks of a training and popularity rankings."""
