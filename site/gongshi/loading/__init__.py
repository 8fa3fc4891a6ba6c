"""`flask content load`: reads the files of content/ and acts through the same actions as staff do."""
