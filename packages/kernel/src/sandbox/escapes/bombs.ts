import type { ExecLimits, ExecOutcome } from '../types.ts'

/** One attempt to take more than was given. Python in a box with these limits. */
export interface Bomb {
  name: string
  code: string
  limits?: Partial<ExecLimits>
  ends: { cut: ExecOutcome['cut']; says?: RegExp }
  /** Only where control groups hold. */
  groups?: boolean
}

const until = (step: string) => `import errno, os, socket, threading, time
count = 0
try:
    while True:
        ${step}
        count += 1
except (OSError, RuntimeError, MemoryError) as error:
    number = getattr(error, 'errno', None)
    os.write(1, f"{errno.errorcode.get(number, error)} after {count}\\n".encode())
    os._exit(0)`

export const BOMBS: Bomb[] = [
  { name: 'processes', code: until(`os.fork() or time.sleep(60)`), ends: { cut: null, says: /^EAGAIN after \d\n|^EAGAIN after 1\d\n/m } },
  {
    name: 'threads',
    code: until(`threading.Thread(target=time.sleep, args=(60,), daemon=True).start()`),
    ends: { cut: null, says: /^can't start new thread after \d{1,2}$/m },
  },
  { name: 'descriptors', code: until(`os.dup(0)`), ends: { cut: null, says: /^EMFILE after 10\d\d$/m } },
  {
    name: 'one file',
    code: until(`os.write(3 if count else os.open('/work/f', os.O_WRONLY | os.O_CREAT), bytes(65536))`),
    limits: { fileSize: 4 },
    ends: { cut: null, says: /^(EFBIG|ENOSPC) after 6[34]$/m },
  },
  {
    name: 'many files',
    code: until(`open(f'/work/{count}', 'wb').write(bytes(65536))`),
    limits: { fileSize: 4 },
    ends: { cut: null, says: /^ENOSPC after 6\d$/m },
  },
  {
    name: 'the place for temporary files',
    code: until(`open(f'/tmp/{count}', 'wb').write(bytes(1 << 20))`),
    ends: { cut: null, says: /^ENOSPC after 6\d$/m },
    limits: { memory: 256 },
  },
  {
    name: 'shared memory',
    code: until(`open(f'/dev/shm/{count}', 'wb').write(bytes(1 << 20))`),
    ends: { cut: null, says: /^ENOSPC after 1\d$/m },
  },
  { name: 'empty files', code: until(`os.mknod(f'/work/{count}')`), ends: { cut: 'memory' }, groups: true },
  { name: 'nameless files', code: until(`os.write(os.memfd_create('x'), bytes(4 << 20))`), ends: { cut: 'memory' }, groups: true },
  { name: 'memory in one process', code: `x = []\nwhile True: x.append(bytearray(4 << 20))`, ends: { cut: 'memory' }, groups: true },
  {
    name: 'memory in many processes',
    code: `import os, time\nfor _ in range(8):\n    if os.fork() == 0:\n        x = bytearray(40 << 20)\n        time.sleep(60)\ntime.sleep(60)`,
    ends: { cut: 'memory' },
    groups: true,
  },
  {
    name: 'memory of System V',
    code: `import ctypes\nlibc = ctypes.CDLL(None)\nlibc.shmat.restype = ctypes.c_void_p\nwhile True:\n    at = libc.shmat(libc.shmget(0, 8 << 20, 0o1600), None, 0)\n    ctypes.memset(at, 1, 8 << 20)`,
    ends: { cut: 'memory' },
    groups: true,
  },
  { name: 'output', code: `import sys\nwhile True: sys.stdout.write('x' * 65536)`, ends: { cut: 'output' } },
  { name: 'complaints', code: `import sys\nwhile True: sys.stderr.write('x' * 65536)`, ends: { cut: 'output' } },
  { name: 'the clock', code: `while True: pass`, limits: { time: 500 }, ends: { cut: 'time' } },
  {
    name: 'sleep',
    code: `import time, signal\nfor s in range(1, 32):\n    try: signal.signal(s, signal.SIG_IGN)\n    except OSError: pass\ntime.sleep(3000)`,
    limits: { time: 300 },
    ends: { cut: 'time' },
  },
]
