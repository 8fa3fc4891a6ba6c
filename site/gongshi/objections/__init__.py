"""Objection 异议, Disposition 处理意见 and Answer 答复: what was raised, and what is said to it."""
