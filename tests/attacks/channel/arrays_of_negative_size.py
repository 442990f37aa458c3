# Announces arrays of a negative and of an impossible size.
# exercise: softmax
# deserves: nothing
# may end the run: yes
# timeout: 4 s

# <tools>
os.write(channel, frame({"body": {"dict": []}, "arrays": [-1, 2**70]}))
# <wrong>
