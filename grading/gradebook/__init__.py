"""nbgrader's database: open it, record scores in it, read grades, export them."""
