# Writes to the channel, and waits, as Python exits.
# exercise: softmax
# deserves: nothing
# may end the run: yes
# timeout: 3 s

# <tools>
import atexit

atexit.register(lambda: os.write(channel, b"3"))
atexit.register(time.sleep, 60)
# <wrong>
