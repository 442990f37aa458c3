# Catches the interrupt of its endless loop.
# exercise: softmax
# deserves: nothing
# may end the run: yes
# timeout: 3 s

# <tools>
def softmax(scores):
    while True:
        try:
            while True:
                pass
        except BaseException:
            pass
