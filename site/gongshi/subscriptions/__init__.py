"""Mail to whoever asked for it: what became of their submission, and nothing else."""
