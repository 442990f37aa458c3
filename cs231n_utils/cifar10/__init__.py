"""Where the images come from: archives, batches, a download, or a drawn stand-in."""
