"""What the course says of points: due dates, penalties, and questions that count otherwise."""
