"""Two measurements beside one another: whether they may be compared, and which is faster by how much."""
