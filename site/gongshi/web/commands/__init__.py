"""Commands that belong to one concept of the workbench; `cli.py` puts them beside the others."""
