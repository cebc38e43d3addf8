"""A declarative reconciler for Amazon Personalize.

    manifests ──load──► Desired ─┐
                                 ├─ make_plan ─► Plan ─ to_steps ─► [Step] ─ apply ─► Iterator[Event]
    account ──observe─► Snapshot ┘
    drift(plan): the same difference told from the account's side

The verbs and their types live in the packages: `manifest` reads, `engine` observes, plans and applies, `aws` talks to
the service, `emulator` stands in for it, `render` shows, `cli` puts them together.
"""

__version__ = "0.1.0"
