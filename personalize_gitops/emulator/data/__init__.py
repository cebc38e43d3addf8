"""Rows of datasets, and what is computed from them.

    tables        the rows of one dataset
    columns       rows by column, as tables keep those of imports
    index         these rows by user and by id
    seen          which of them filters and models see already
    records       items, users and actions as filters compare them
    serving       the rows of a group as filters and models see them at one time
    csv_rows      rows from CSV files, as import jobs read them
    put_rows      rows from PutEvents, PutItems, PutUsers and their like
    training      whether the rows suffice to train, and the tuned hyperparameters
    learning      from rows to what a model is trained on

Nothing here knows resources, regions or requests: functions take rows, tables and schemas.
"""
