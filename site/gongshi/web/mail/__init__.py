"""Mail as it leaves the site: its text, the server that takes it, and the loop that brings it there."""
