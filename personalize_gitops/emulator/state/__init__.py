"""The state of an emulator, and how it is saved.

    accounts      all of it: the regions of every account, buckets, roles, faults
    region        one region of an account: its resources, their tags and tables, its scheduled events
    records       one resource
    event_queue   what happens later without a request, such as a creation that finishes
    arns          the ARNs and generated ids of resources
    objects       the buckets of the emulated S3
    identities    the roles of the emulated IAM and the sessions of the emulated STS
    faults        rules that make calls fail
    storage       the directories that the state is saved in and loaded from, and their locks
    saving        from the state to files
    loading       from files to the state, with every check
    shape         the shape of a value from JSON
    store         files that are named by their content, and a pointer to one of them

Nothing here decides how a request is answered or when a status changes; `service` and `operations` do.
"""
