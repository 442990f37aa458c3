# Makes the client believe that there is no oracle.
# exercise: softmax
# deserves: nothing
# may end the run: yes
# timeout: 4 s

# <tools>
import cs231n_utils.checks as c

c.OracleClient._current = None
del os.environ["CS231N_ORACLE_FD"]
# <wrong>
