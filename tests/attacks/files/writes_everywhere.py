# Writes into all folders, and into the student package.
# exercise: softmax
# deserves: all points
# timeout: 30 s

# <tools>
# <answer>
def written():
    places = []
    for folder, folders, _ in os.walk("/"):
        folders[:] = [f for f in folders if folder.count("/") < 4]
        if folder.startswith(("/proc", "/scratch", "/dev/shm", "/dev/pts", "/dev/fd")):
            continue
        try:
            open(os.path.join(folder, "probe"), "w").close()
            places.append(folder)
        except OSError:
            pass
    return places


attempt("written", written)
import cs231n_utils

attempt("package", lambda: open(cs231n_utils.__file__, "a"))
