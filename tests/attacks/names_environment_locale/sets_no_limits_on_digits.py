# Allows numbers of any length to be printed.
# exercise: softmax
# deserves: nothing
# may end the run: yes

# <tools>
sys.set_int_max_str_digits(0)
# <wrong>
