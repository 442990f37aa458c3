"""Marks for written answers: a page for the instructor, on nbgrader's own gradebook."""
