"""Text on pages: find it, turn it upright, read it, put it in order."""
