"""Floor 1: flat columns and the primitives that act on them: views, totals, pipelines, random streams, the ledger."""
