"""The state of an emulator, and how it is saved.

    accounts      all of it: the regions of every account, buckets, roles, faults
    region        one region of an account: its resources, their tags and tables, its scheduled events
    records       one resource
    event_queue   what happens later without a request, such as a creation that finishes
    arns          the ARNs and generated ids of resources
    objects       the buckets of the emulated S3
    identities    the roles of the emulated IAM and the sessions of the emulated STS
    faults        rules that make calls fail
    storage       saves the state in a directory and loads it

Nothing here decides how a request is answered or when a status changes; `service` and `operations` do.
"""
