"""Known results: what theory expects of the simulator, beside what the simulator gives."""
