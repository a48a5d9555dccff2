"""What can be said of samples, and how surely; `summary` brings it together. Nothing is ever left out as an outlier."""
