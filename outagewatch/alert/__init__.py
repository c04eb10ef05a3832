"""How a change of an incident is told: to a person, and to a program."""
