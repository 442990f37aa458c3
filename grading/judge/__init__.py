"""How an answer is judged: questions put through a channel, reasons, known mistakes."""
