"""What two descriptions of the same thing have to agree on: kinds and service model, layers and imports."""
