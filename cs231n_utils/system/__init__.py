"""The one place where the platform matters: files and processors."""
