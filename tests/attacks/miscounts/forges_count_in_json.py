# Patches JSON to send a smaller count of gradients.
# exercise: minimize_valley
# deserves: nothing

# <forged_json>
def minimize_valley(loss_and_gradient, w0):
    w = w0.copy()
    for _ in range(3000):
        w = w - 0.015 * loss_and_gradient(w)[1]
    return w
