# Tries to become root, to make namespaces, to mount, and to change the system.
# exercise: softmax
# deserves: all points

# <tools>
# <answer>
attempt("setuid", lambda: os.setuid(0) is None)
attempt("user namespace", lambda: libc.unshare(0x10000000) == 0)
attempt("mount", lambda: libc.mount(b"x", b"/scratch", b"tmpfs", 0, None) == 0)
attempt("umount", lambda: libc.umount2(b"/scratch", 2) == 0)
attempt("chroot", lambda: os.chroot("/scratch") is None)
attempt("setns", lambda: libc.setns(os.open("/proc/1/ns/net", 0), 0) == 0)
attempt("clock", lambda: time.clock_settime(time.CLOCK_REALTIME, 0) is None)
attempt("hostname", lambda: socket.sethostname("x") is None)
attempt("su", lambda: subprocess.run(["su", "-c", "id"], timeout=5).returncode == 0)
attempt("bpf", lambda: libc.syscall(321, 0, 0, 0) >= 0)
attempt("io_uring", lambda: libc.syscall(425, 8, ctypes.create_string_buffer(256)) >= 0)
attempt("userfaultfd", lambda: libc.syscall(323, 1) >= 0)
