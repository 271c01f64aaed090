"""The ports, each on its technologies; vendor errors end here."""
