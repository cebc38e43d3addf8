"""A local Amazon Personalize with the API, the statuses and the errors of the service, on a clock of the caller.

The way of one request:

    host/         a client's request arrives in process (moto_backend) or over HTTP (server)
    emulator.py   Emulator.respond finds the region of the account and carries out the events that are due
    service/      dispatch applies faults, validates the request, and calls the handler of the operation
    operations/   the handler: what is particular to a kind of resource
    service/      crud and lifecycle: what all kinds share; the handler or the dispatcher calls them
    state/        records, tags and events of the region are read and changed
    data/         rows are parsed, checked and ranked
    service/      shapes reduces the response to its shape in the service model

    errors.py     the exceptions; a Refusal becomes an error response
    settings.py   quotas, durations, and the open questions about the service as switches

Imports go one way: errors, settings ← data ← state ← service ← operations ← host ← emulator. A test checks it.

botocore's service model decides the shapes, the validation, the error codes and the operations. What it cannot express
is written once, with its source in docs/service. All state is frozen records and a queue of future events. Importing
this package is cheap: moto and botocore are imported when an emulator starts.
"""

from personalize_gitops.emulator.emulator import Emulator
from personalize_gitops.emulator.errors import StateInUse, UnusableState
from personalize_gitops.emulator.settings import Settings

__all__ = ["Emulator", "Settings", "StateInUse", "UnusableState"]
