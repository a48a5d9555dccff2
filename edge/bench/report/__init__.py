"""What people read of measurements: a table, Markdown, or a page with charts. Nothing here computes statistics."""
