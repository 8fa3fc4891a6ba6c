"""Record 全程记录: what is composed from all concepts: comparison, trace, reconciliation, summary, search sources."""
