"""All that runs within the wall; it imports nothing else of the course but `cs231n_utils`."""
