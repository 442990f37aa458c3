"""Grading where there is no course folder: in Gradescope's container, in a workflow of GitHub."""
