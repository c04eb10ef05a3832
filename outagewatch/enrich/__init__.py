"""What a post says: complaint or not, and of which operator, service, symptom and place."""
