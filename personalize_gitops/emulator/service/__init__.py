"""What all operations share: the service model, request validation, the life of a resource."""
