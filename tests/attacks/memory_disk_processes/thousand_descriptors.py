# Opens a thousand files.
# exercise: softmax
# deserves: nothing
# may end the run: yes
# timeout: 4 s

# <tools>
hoard = [open("/dev/null") for _ in range(1000)]
print("REACHED")
