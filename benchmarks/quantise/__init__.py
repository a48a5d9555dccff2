"""What quantisation gains and costs: speed, size and accuracy of fp32, int8 and what `auto` chooses."""
