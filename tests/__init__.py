"""Tests, in the rooms of what they test."""

import sys

# As in `grading.command_line`: jsonschema would build a grammar of IRIs, which takes two seconds of
# every process, and no notebook holds one to be checked.
sys.modules.setdefault("rfc3987_syntax", None)
