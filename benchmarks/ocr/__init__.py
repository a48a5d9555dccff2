"""Reading text on pages, against the readers that people use today."""
