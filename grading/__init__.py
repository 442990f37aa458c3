"""The instructor's side: exercises, the oracle, and grading through nbgrader."""
