# Traces all code, and writes to the variables of other frames.
# exercise: softmax
# deserves: nothing
# may end the run: yes
# timeout: 3 s

# <tools>
def trace(frame, event, argument):
    frame.f_locals["passed"] = True
    return trace


sys.settrace(trace)
threading.settrace(trace)
# <wrong>
