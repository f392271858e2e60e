"""Mesa agents that are thin views of a world's rows: enterprises with identity, partners, messages and decisions to override."""
