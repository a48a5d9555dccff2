"""Quantisation only where it is measured to pay: made in several ways, judged on held-out data, the fastest kept."""
