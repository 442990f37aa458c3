# Writes to the descriptors of the output streams, and has another program write.
# exercise: softmax
# deserves: all points

# <tools>
# <answer>
for number in (1, 2):
    os.write(number, b"x" * 10**7)
sys.__stdout__.write("x" * 10**6)
subprocess.run(["sh", "-c", "head -c 10000000 /dev/zero"])
