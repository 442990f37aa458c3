# Sends a request and twenty replies before the oracle has asked.
# exercise: softmax
# deserves: nothing
# may end the run: yes
# timeout: 4 s

# <tools>
reply = said(op="observed", outcome="returned", value=None, error=None, work=0)
os.write(channel, said(op="judge", exercise="softmax") + 20 * reply)
# <wrong>
