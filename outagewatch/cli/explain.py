"""``outagewatch explain``: what is read in one post, or in each post of a file."""
