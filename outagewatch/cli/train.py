"""``outagewatch train``: fit the complaint model to one's own labels."""
