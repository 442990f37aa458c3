# Sends an array of objects that claims 80 GB.
# exercise: softmax
# deserves: nothing
# may end the run: yes
# timeout: 4 s

# <tools>
text = b"{'descr': '|O', 'fortran_order': False, 'shape': (9999999999,), }"
array = b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text
os.write(channel, frame({"body": {"dict": []}, "arrays": [len(array)]}) + array)
# <wrong>
