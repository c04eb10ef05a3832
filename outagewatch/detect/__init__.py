"""Which counts stand out from what is usual."""
