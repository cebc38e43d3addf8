"""All state of an emulator: the regions of every account, and the buckets, roles and faults that they share."""

from personalize_gitops.emulator.settings import Settings
from personalize_gitops.emulator.state.faults import Faults
from personalize_gitops.emulator.state.identities import Identities
from personalize_gitops.emulator.state.objects import Objects
from personalize_gitops.emulator.state.region import Region


class Accounts:
    """All emulated accounts."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.faults = Faults()
        self.objects = Objects()
        self.identities = Identities()
        self.regions: dict[tuple[str, str], Region] = {}  # by account and name of the region

    def region(self, account: str, name: str, now: float) -> Region:
        """Return a region of an account; if it was not used yet, create it as of `now`, in epoch seconds."""
        key = (account, name)
        if key not in self.regions:
            self.regions[key] = self.new_region(account, name, now)
        return self.regions[key]

    def new_region(self, account: str, name: str, now: float) -> Region:
        """Return an empty region that is not part of `regions`."""
        return Region(name, account, self.settings, self.faults, self.objects, self.identities, now)

    def clear(self) -> None:
        """Remove everything, except buckets and roles that are in moto."""
        self.regions.clear()
        self.faults.clear()
        self.objects.clear()
        self.identities.clear()
