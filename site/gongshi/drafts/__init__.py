"""Draft 拟稿: an act that one person prepares and another approves, from first words to the public record."""
