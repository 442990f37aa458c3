# Is a number where a function is expected.
# exercise: softmax
# deserves: nothing

# <tools>
softmax = 3.0
