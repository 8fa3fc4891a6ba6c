"""Submission 提交, Comment 意见 and Receipt 回执: what people say, taken exactly once and never lost."""
