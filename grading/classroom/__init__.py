"""A whole class: its course folder, its submissions, and the workers that grade them."""
