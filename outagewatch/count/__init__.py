"""How many people complain, by signal and minute."""
