# Hooks the running of code, and pushes another `check` into the namespace.
# exercise: softmax
# deserves: nothing
# may end the run: yes

# <wrong>
# <tools>
get_ipython().set_hook("pre_run_code_hook", lambda *a: print(3))
get_ipython().push({"check": lambda *a: 3.0})
