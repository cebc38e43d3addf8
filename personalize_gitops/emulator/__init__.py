"""A local Amazon Personalize with the API, the statuses and the errors of the service, on a clock of the caller.

The way of one request:

    host/         receives it, in process (moto_backend) or over HTTP (server)
    emulator.py   Emulator.respond finds the region of the account and carries out the events that are due
    service/      dispatch applies faults, validates the request, and calls the handler of the operation;
                  crud has the handlers for Create, Describe, List and Delete of every kind
    operations/   has all other handlers, and the hooks of each kind that crud and lifecycle call
    service/      lifecycle schedules what happens later: a creation that succeeds, an update that is applied
    state/        has the records, tags and scheduled events of the region
    data/         has the rows of datasets; jobs and trainings parse, check and rank them
    service/      shapes reduces the response to its shape in the service model

    errors.py     the exceptions; a Refusal becomes an error response
    json_text.py  parses JSON from clients
    settings.py   quotas, durations, and a switch for each open question about the service

Imports go one way, and a test checks it: emulator → host → operations → service → state → data → settings, errors.

botocore's service model decides the shapes, the validation, the error codes and the operations. What it cannot express
is written once, with its source in docs/service. All state is frozen records and a queue of future events. Importing
this package is cheap: moto and botocore are imported when an emulator starts.
"""

from personalize_gitops.emulator.emulator import Emulator
from personalize_gitops.emulator.errors import StateInUse, UnusableState, UnwritableState
from personalize_gitops.emulator.settings import Settings

__all__ = ["Emulator", "Settings", "StateInUse", "UnusableState", "UnwritableState"]
