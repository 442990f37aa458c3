# Resolves a name, and fetches a page.
# exercise: softmax
# deserves: all points

# <tools>
# <answer>
attempt("DNS", lambda: socket.getaddrinfo("example.org", 80))
import urllib.request

attempt("HTTP", lambda: urllib.request.urlopen("http://example.org", timeout=2))
