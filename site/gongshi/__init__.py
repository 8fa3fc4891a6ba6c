"""Gongshi 公示: a list of proposed projects, open to comment, and the record of what became of every objection."""
