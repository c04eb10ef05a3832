"""outagewatch: probable network outages, read from what customers say in public."""

__version__ = "0.1.0"
