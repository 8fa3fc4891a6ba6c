"""What `make bench` and `make prove` run: measurements, never asserts in the test suite."""
