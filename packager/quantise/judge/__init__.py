"""How much worse a candidate answers than fp32, and how much faster: paired, each with a 95% interval."""
