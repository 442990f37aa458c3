"""What runs on the untrusted side."""
