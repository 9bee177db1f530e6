"""Evidence and protocols to plans."""
