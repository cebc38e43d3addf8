"""What a user of the emulator may choose: quotas, durations, and one switch for each thing the sources leave open."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from personalize_gitops.catalog.durations import Transition, usual_duration
from personalize_gitops.catalog.quotas import QUOTAS, Quota


@dataclass(frozen=True)
class Settings:
    """Everything that is decided when an emulator is made."""

    account: str = "123456789012"
    seed: str = "emulator"  # solution version and tracker ids are drawn from it
    quotas: Mapping[str, int] = field(default_factory=dict)  # by kind or quota name, overrides catalog.quotas
    durations: Mapping[tuple[str, Transition], timedelta] = field(default_factory=dict)  # overrides catalog.durations

    # The part of a transition that is spent PENDING. Nothing is documented; both statuses are to be seen.
    pending_share: float = 0.1
    # The first automatic training starts within an hour of ACTIVE (reference 2 §8.1); which minute is not said.
    first_training_after: timedelta = timedelta(minutes=30)
    # The trainingMode of automatic versions: FULL, or the AUTOTRAIN nobody explains (reference 4 §2.7).
    automatic_training_mode: str = "FULL"

    # Data minimums of a training (reference 2 §7.1).
    fewest_interactions: int = 1000
    fewest_active_users: int = 25
    fewest_interactions_per_import: int = 1000

    # Reference 1 §10 says the CSV's columns come in the schema's order; §7.9 that only the names matter.
    csv_order_matters: bool = False
    # Columns the schema does not know: refused, or ignored as the service's message (only about missing ones) suggests.
    csv_extra_columns_fail: bool = False
    # What the campaign of a synced version shows, the version it serves or `$LATEST` (reference 2 §3.10).
    synced_campaign_shows_latest: bool = False
    # A group with filters or metric attributions left: the guide is silent (reference 3 §3.5).
    filters_block_group_deletion: bool = True
    # An unknown parent in a list: an empty page, except where ResourceNotFound is declared (reference 4 §1.5).
    lists_of_unknown_parents_fail: bool = False
    # A second tracker or metric attribution of a group: "an error", ResourceAlreadyExists or LimitExceeded (3 §2.1).
    second_of_its_kind_is_a_limit: bool = False
    # CreateDatasetImportJob without roleArn: the guide requires what the model leaves optional (reference 4 §7).
    import_needs_role: bool = True

    def limit(self, quota: Quota | str) -> int:
        """How many of something there may be here."""
        found = QUOTAS[quota] if isinstance(quota, str) else quota
        return self.quotas.get(found.name, self.quotas.get(found.kind or "", found.default))

    def seconds(self, kind: str, transition: Transition) -> float:
        """How long a transition of a kind takes here."""
        chosen = self.durations.get((kind, transition))
        if chosen is not None:
            return chosen.total_seconds()
        usual = usual_duration(kind, transition)
        return usual.typical.total_seconds() if usual else 0.0
