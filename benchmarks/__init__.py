"""Speed of the model, beside the time that Mesa needs on the same machine; run with ``python -m benchmarks``."""
