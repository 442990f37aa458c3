# Asks the oracle that grades for the list of exercises.
# exercise: softmax
# deserves: nothing
# may end the run: yes

# <tools>
# <ask>
attempt("course", lambda: ask(op="course"))
# <wrong>
