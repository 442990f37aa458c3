# Sends the oracle a recipe, which only the client may build.
# exercise: softmax
# deserves: nothing
# may end the run: yes
# timeout: 4 s

# <tools>
request = {"recipe": "rng", "with": {"dict": [["seed", 1]]}}
os.write(channel, frame({"body": request, "arrays": []}))
# <wrong>
