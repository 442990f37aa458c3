"""What students get: the release, the answers, a folder to work in."""
