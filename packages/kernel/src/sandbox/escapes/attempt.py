"""Runs inside a box: tries each row in a process of its own and tells what stopped it."""
import ctypes, errno, json, os, signal, socket, sys

given = json.load(sys.stdin)
libc = ctypes.CDLL(None, use_errno=True)


def call(name, *arguments):
    """One system call by its number, past every check of a library."""
    ctypes.set_errno(0)
    result = libc.syscall(ctypes.c_long(given["numbers"][name]), *[ctypes.c_long(a) if isinstance(a, int) else a for a in arguments])
    if result == -1:
        raise OSError(ctypes.get_errno(), name)
    return result


def attempt(row, out):
    signal.alarm(15)
    try:
        exec(row["code"], globals())
        answer = "it was let"
    except OSError as error:
        answer = errno.errorcode.get(error.errno, str(error.errno)) if error.errno and error.errno > 0 else type(error).__name__
    except BaseException as error:
        answer = type(error).__name__
    os.write(out, answer.encode()[:200])
    os._exit(0)


answers = {}
for row in given["rows"]:
    into, out = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(into)
        attempt(row, out)
    os.close(out)
    said = os.read(into, 200).decode()
    os.close(into)
    _, status = os.waitpid(child, 0)
    answers[row["name"]] = said or f"signal {os.WTERMSIG(status)}"
print(json.dumps(answers))
