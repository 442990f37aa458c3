# Patches the client again and again from a thread.
# exercise: softmax
# deserves: nothing
# may end the run: yes
# timeout: 3 s

# <tools>
import cs231n_utils.checking.client as c


def patch():
    while True:
        c.observe = lambda *a, **k: {}
        time.sleep(0.01)


threading.Thread(target=patch).start()
# <wrong>
