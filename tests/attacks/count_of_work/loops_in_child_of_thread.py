# Loops in a process that another thread has forked, and does not wait for.
# exercise: svm_loss_vectorized
# deserves: all but no loops

import os, sys, threading, time
def svm_loss_vectorized(W, X, y, reg):
    reader, writer = os.pipe()
    def work():
        if os.fork() == 0:
            sys.settrace(None)
            os.write(writer, repr(float(svm_loss_naive(W, X, y, reg))).encode())
            time.sleep(0.1)
            os._exit(0)
        time.sleep(0.1)
    threading.Thread(target=work).start()
    return float(os.read(reader, 100))
