# Changes language, encoding and time zone.
# exercise: softmax
# deserves: nothing
# may end the run: yes

# <tools>
import locale

os.environ.update(LANG="tr_TR.UTF-8", LC_ALL="de_DE.ISO-8859-1", TZ="Mars/Phobos")
time.tzset()
try:
    locale.setlocale(locale.LC_ALL, "")
except locale.Error:
    pass
# <wrong>
