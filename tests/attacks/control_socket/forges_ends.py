# Reports the end of cells that never ran.
# exercise: softmax
# deserves: nothing
# may end the run: yes
# timeout: 3 s

# <tools>

os.write(control(), b'{"end": 1e999, "outputs": []}\n{"end": 99999, "outputs": []}\n')
os._exit(0)
