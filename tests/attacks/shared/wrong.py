# A wrong answer, which deserves nothing.


def softmax(scores):
    return scores
