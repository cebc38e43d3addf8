"""A local Amazon Personalize on moto: registration, operations, lifecycle, faults, storage, server."""
