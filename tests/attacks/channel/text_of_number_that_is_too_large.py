# Sends a floating-point number with an exponent of a thousand digits.
# exercise: softmax
# deserves: nothing
# may end the run: yes
# timeout: 4 s

# <tools>
request = {"dict": [["op", {"float": "0x1p" + "9" * 1000}]]}
os.write(channel, frame({"body": request, "arrays": []}))
# <wrong>
