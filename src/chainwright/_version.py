"""The version of chainwright: written here and nowhere else."""

__version__ = "0.1.0"
