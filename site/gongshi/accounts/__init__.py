"""Bureau 发布机关 and its people: roles, and the rule that two stand behind every publication."""
