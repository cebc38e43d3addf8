"""What an emulator remembers: resources and scheduled events by region, buckets, roles, faults; and how it is saved."""
