"""Notice 公告: dated documents, and the acts on a list: publish, extend, correct, suspend, withdraw."""
