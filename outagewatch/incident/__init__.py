"""What a run of excesses is: one probable incident, followed over time."""
