# Nests three thousand folders, which is deeper than some tools can delete.
# exercise: softmax
# deserves: nothing
# may end the run: yes
# timeout: 4 s

# <tools>
for _ in range(3000):
    os.mkdir("d")
    os.chdir("d")
os._exit(0)
