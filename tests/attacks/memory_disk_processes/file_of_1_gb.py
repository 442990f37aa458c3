# Writes a file of 1 GB.
# exercise: softmax
# deserves: nothing
# may end the run: yes
# timeout: 4 s

# <tools>
with open("large", "wb") as file:
    for _ in range(1024):
        file.write(b"x" * (1 << 20))
print("REACHED")
