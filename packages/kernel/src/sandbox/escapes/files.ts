import type { Row, Targets } from './row.ts'

const read = (name: string, file: string, reason: string): Row => ({
  name: `read ${name}`,
  code: `open(${JSON.stringify(file)}, 'rb').read(1)`,
  reason,
})
const write = (name: string, file: string, reason: string): Row => ({
  name: `write ${name}`,
  code: `open(${JSON.stringify(file)}, 'ab')`,
  reason,
})

/** The box is shown `/data` to read, with links that were made outside before, and `/out` to write. */
export const fileRows = ({ secret, pid }: Targets): Row[] => [
  read('the passwords', '/etc/shadow', 'ENOENT'),
  read('a file beside its mount', secret, 'ENOENT'),
  read('a file beside its mount, up from it', '/data/../secret.txt', 'ENOENT'),
  ...['/root', '/home', '/var', '/run', '/sys', '/boot', '/opt', '/srv', '/mnt'].map((place) => ({
    name: `list ${place}`,
    code: `__import__('os').listdir('${place}')`,
    reason: 'ENOENT',
  })),
  read('through a link that was there', '/data/link', 'ENOENT'),
  read('through a relative link that was there', '/data/relative', 'ENOENT'),
  { name: 'read through a link it made', code: `os.symlink(${JSON.stringify(secret)}, '/work/l'); open('/work/l')`, reason: 'ENOENT' },
  {
    name: 'read through a link to the first process',
    code: `os.symlink('/proc/1/root/etc/shadow', '/work/m'); open('/work/m')`,
    reason: 'ENOENT',
  },
  {
    name: 'leave a folder by its descriptor',
    code: `os.open('../secret.txt', os.O_RDONLY, dir_fd=os.open('/data', os.O_RDONLY))`,
    reason: 'ENOENT',
  },
  { name: 'hard-link a program to where it can be written', code: `os.link('/usr/bin/env', '/work/env')`, reason: 'EXDEV' },
  { name: 'hard-link out of its mount', code: `os.link('/data/mine.txt', '/out/mine.txt')`, reason: 'EXDEV' },
  write('a program', '/usr/bin/env', 'EACCES'),
  write('a new program', '/usr/bin/life-os-was-here', 'EROFS'),
  write('what it was shown to read', '/data/mine.txt', 'EROFS'),
  write('its list of users', '/etc/passwd', 'EACCES'),
  write('its root', '/life-os-was-here', 'EROFS'),
  write('among the devices', '/dev/life-os-was-here', 'EROFS'),
  { name: 'make a device', code: `os.mknod('/work/disk', 0o60666, os.makedev(254, 0))`, reason: 'EPERM' },
  { name: 'open the disk', code: `open('/dev/vda', 'rb')`, reason: 'ENOENT' },
  { name: 'open the memory', code: `open('/dev/mem', 'rb')`, reason: 'ENOENT' },
  { name: 'open a terminal', code: `open('/dev/tty', 'rb')`, reason: 'ENOENT' },
  { name: 'make a file another user’s', code: `open('/work/f', 'w'); os.chown('/work/f', 0, 0)`, reason: 'EINVAL' },
  ...['environ', 'cmdline', 'root', 'mem'].map((part) => read(`the ${part} of a process outside`, `/proc/${pid}/${part}`, 'ENOENT')),
  ...['environ', 'mem', 'root/etc/passwd', 'fd/0'].map((part) => read(`the ${part} of the first process`, `/proc/1/${part}`, 'ENOENT')),
  write('core_pattern', '/proc/sys/kernel/core_pattern', 'EACCES'),
  write('how much memory may be promised', '/proc/sys/vm/overcommit_memory', 'EACCES'),
  {
    name: 'find the magic key', // absent, or nothing but /dev/null
    code: `raise FileNotFoundError(2, '') if not os.path.exists('/proc/sysrq-trigger') or os.stat('/proc/sysrq-trigger').st_rdev == os.stat('/dev/null').st_rdev else None`,
    reason: 'ENOENT',
  },
  { name: 'find the server’s environment', code: `os.environ['LIFE_OS_CANARY']`, reason: 'KeyError' },
]
