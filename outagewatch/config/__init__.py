"""Settings: laid over each other, checked, shown and written."""

from outagewatch.config.layers import NO_FILE, Layer, config_path, layers, load, merged

__all__ = ["NO_FILE", "Layer", "config_path", "layers", "load", "merged"]
