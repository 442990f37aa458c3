# Computes in single precision.
# exercise: softmax
# deserves: all points

def softmax(scores):
    scores = np.asarray(scores, dtype=np.float32)
    e = np.exp(scores - scores.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)
