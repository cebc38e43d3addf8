"""What all operations and all kinds of resources share.

    dispatch      one request: faults, validation, the handler of the operation, the response
    model         operations, shapes and errors as botocore's service models describe them
    validation    checks a request against its shapes
    shapes        reduces a response to its shape
    paging        the tokens that continue a list
    kind          Kind, the base class of all kinds of resources, and its hooks
    crud          Create, Describe, List and Delete for every kind
    lifecycle     the transitions of a resource: creation, update, deletion
    tags          the limits of tags, and the tag index of the Resource Groups Tagging API
    access        whether roles and bucket policies grant the access that a job needs

What is particular to one kind is in `operations`.
"""
