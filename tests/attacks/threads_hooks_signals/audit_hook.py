# Refuses opening, importing and compiling to all later code.
# exercise: softmax
# deserves: nothing
# may end the run: yes
# timeout: 3 s

# <tools>
def refuse(event, arguments):
    if event in ("open", "import", "exec", "compile"):
        raise OSError(event)


sys.addaudithook(refuse)
# <wrong>
