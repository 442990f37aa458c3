# Prints a million short lines.
# exercise: softmax
# deserves: all points

# <tools>
# <answer>
for i in range(10**6):
    print(i)
