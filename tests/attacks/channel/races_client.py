# Reads what the oracle sends, in a thread beside the client.
# exercise: softmax
# deserves: nothing
# may end the run: yes
# timeout: 4 s

# <tools>
def race():
    while True:
        try:
            os.read(channel, 100)
        except OSError:
            return


threading.Thread(target=race, daemon=True).start()
# <wrong>
