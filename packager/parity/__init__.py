"""Proof that a hop computes what torch computes: references, comparison, tolerance, gate."""
