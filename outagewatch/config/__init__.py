"""Settings: laid over each other, checked, shown and written."""

from outagewatch.config.layers import Layer, config_path, layers, load, merged

__all__ = ["Layer", "config_path", "layers", "load", "merged"]
