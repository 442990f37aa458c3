# Reports a hundred thousand outputs of one cell.
# exercise: softmax
# deserves: nothing
# may end the run: yes
# timeout: 3 s

# <tools>

one = '{"output_type": "stream", "name": "stdout", "text": ""}'
os.write(control(), ('{"end": 5, "outputs": [' + ", ".join([one] * 100_000) + "]}").encode())
os._exit(0)
