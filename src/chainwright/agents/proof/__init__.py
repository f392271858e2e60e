"""The proof of a class of agents: row and column agree on random states, and answers can be used."""
