"""The rows of data files: how they are read, and what an import refuses about them (docs/service/1 §9 and §10).

    values    the types of columns: which text is a valid value
    reading   CSV text in chunks of rows
    rules     the rules of headers and values
    findings  what a rule finds
    lines     the lines that batch jobs read

The rules are pure. The local Personalize refuses imports by them, and `validate --data` checks files by them.
"""
