# Displays HTML and a picture that hold a script.
# exercise: softmax
# deserves: all points

# <tools>
# <answer>
from IPython.display import HTML, display

display(HTML("<script>x</script>"))
display({"image/png": "<script>x"}, raw=True)
