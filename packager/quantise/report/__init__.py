"""What the manifest says of a bundle's quantisation, for a terminal, as Markdown and as a page."""
