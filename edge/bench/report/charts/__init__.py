"""Charts as inline SVG, from plain numbers: one module for each kind, one for axes, one for the frame around them."""
