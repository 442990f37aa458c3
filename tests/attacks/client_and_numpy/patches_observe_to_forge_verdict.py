# Makes the client send a verdict where the oracle expects an observation.
# exercise: softmax
# deserves: nothing
# may end the run: yes

# <wrong>
# <tools>
import cs231n_utils.checking.client as c

verdict = {"exercise": "softmax", "passed": True, "points": 3.0}
c.observe = lambda *a, **k: {"op": "verdict", "verdict": verdict}
