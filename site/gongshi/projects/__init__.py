"""Project 项目, Institution 机构, PlanVersion 方案版本, Paragraph 段落 and Risk 风险点: what is proposed."""
