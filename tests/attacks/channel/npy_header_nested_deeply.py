# Sends an array whose header is nested deeper than Python's parser allows.
# exercise: softmax
# deserves: nothing
# may end the run: yes
# timeout: 4 s

# <tools>
text = b"(" * 9000
array = b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text
os.write(channel, frame({"body": {"dict": []}, "arrays": [len(array)]}) + array)
# <wrong>
