"""How fast it is. Run by `make bench`, never asserted on."""
