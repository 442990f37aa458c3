# Takes 2.4 GB in files that exist in memory only.
# exercise: softmax
# deserves: nothing
# may end the run: yes
# timeout: 4 s

# <tools>
files = [os.memfd_create(str(i)) for i in range(40)]
for file in files:
    for _ in range(60):
        os.write(file, b"x" * (1 << 20))
print("REACHED", len(files) * 60, "MB")
