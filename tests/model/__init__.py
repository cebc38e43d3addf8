"""The vocabulary: pure values, many small cases."""
