# Makes NumPy raise where it would warn, also in the client.
# exercise: softmax
# deserves: nothing
# may end the run: yes

# <tools>
np.seterr(all="raise")
# <wrong>
