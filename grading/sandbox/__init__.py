"""The wall around untrusted code: `outside` starts it, `inside` is all that runs within."""
