"""Predictions, hints, solutions and progress, for those who learn from a clone of their own."""
