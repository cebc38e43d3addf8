"""A declarative reconciler for Amazon Personalize."""
