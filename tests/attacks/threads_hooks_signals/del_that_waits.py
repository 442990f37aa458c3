# Waits as its objects are deleted.
# exercise: softmax
# deserves: nothing
# may end the run: yes
# timeout: 3 s

# <tools>
class Last:
    def __del__(self):
        time.sleep(60)


last = Last()
# <wrong>
