# Prints twenty megabytes at once.
# exercise: softmax
# deserves: all points

# <tools>
# <answer>
print("x" * 2 * 10**7)
print("y", file=sys.stderr)
