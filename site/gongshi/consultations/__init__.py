"""Consultation 公开征求意见（公示） and Round 征求意见轮次: a published list and when comments are taken."""
