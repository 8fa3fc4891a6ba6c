"""Everything that knows HTTP: one audience per package (public, …), and what they share."""
