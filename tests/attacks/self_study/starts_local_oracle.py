# Makes the client start an oracle that teaches, and asks for the solution.
# exercise: softmax
# deserves: nothing
# may end the run: yes

# <tools>
import cs231n_utils.checks as c, cs231n_utils.selfstudy.questions as s

c.OracleClient._current = None
del os.environ["CS231N_ORACLE_FD"]
attempt("solution", lambda: s.ask({"op": "solution", "exercise": "softmax"}))
# <wrong>
