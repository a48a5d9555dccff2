"""How fast this machine could be at best: the roofline of one artifact (Williams, Waterman, Patterson, 2009)."""
