import type { Row, Targets } from './row.ts'

const connect = (name: string, address: string, reason: string, kind = 'AF_INET, socket.SOCK_STREAM'): Row => ({
  name: `connect to ${name}`,
  code: `socket.socket(socket.${kind}).connect(${address})`,
  reason,
})
const open = (name: string, kind: string, reason: string): Row => ({ name: `open ${name}`, code: `socket.socket(${kind})`, reason })

export const networkRows = ({ tcp, udp, socket, abstract }: Targets): Row[] => [
  connect('a server of this machine', `('127.0.0.1', ${tcp})`, 'ECONNREFUSED'),
  connect('a server of this machine by IPv6', `('::1', ${tcp})`, 'ECONNREFUSED', 'AF_INET6, socket.SOCK_STREAM'),
  connect('the internet', `('192.0.2.1', 443)`, 'ENETUNREACH'),
  connect('the cloud’s own service', `('169.254.169.254', 80)`, 'ENETUNREACH'),
  {
    name: 'send a datagram away',
    code: `socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('192.0.2.1', 53))`,
    reason: 'ENETUNREACH',
  },
  {
    name: 'send a datagram to this machine',
    code: `s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.connect(('127.0.0.1', ${udp})); s.send(b'x'); s.settimeout(2); s.recv(1)`,
    reason: 'ECONNREFUSED',
  },
  { name: 'look a name up', code: `socket.getaddrinfo('example.org', 443)`, reason: 'gaierror' },
  connect('a Unix socket by its path', JSON.stringify(socket), 'ENOENT', 'AF_UNIX, socket.SOCK_STREAM'),
  connect('a Unix socket by its abstract name', `'\\0' + ${JSON.stringify(abstract)}`, 'ECONNREFUSED', 'AF_UNIX, socket.SOCK_STREAM'),
  open('a raw socket', 'socket.AF_INET, socket.SOCK_RAW, 1', 'EPERM'),
  open('a raw socket by IPv6', 'socket.AF_INET6, socket.SOCK_RAW, 58', 'EPERM'),
  open('a packet socket', '17, socket.SOCK_RAW, 3', 'EAFNOSUPPORT'),
  open('a netlink socket', '16, socket.SOCK_RAW, 0', 'EAFNOSUPPORT'),
  open('a socket to the hypervisor', '40, socket.SOCK_STREAM', 'EAFNOSUPPORT'),
  open('a socket of the kernel’s ciphers', '38, socket.SOCK_SEQPACKET', 'EAFNOSUPPORT'),
  open('a bluetooth socket', '31, socket.SOCK_RAW', 'EAFNOSUPPORT'),
  {
    name: 'find a way out',
    code: `raise NotADirectoryError(0, '') if [name for _, name in socket.if_nameindex()] == ['lo'] else None`,
    reason: 'EAFNOSUPPORT',
  },
]
