/** One attempt to get out. `code` is Python; a statement or an expression that would have a value if it succeeded. */
export interface Row {
  name: string
  code: string
  /** What stops it: the name of an errno or of an exception, or of a signal. */
  reason: string
}

/** What the attempts aim at, all of it real and of this machine. */
export interface Targets {
  /** A file beside what the box is shown. */
  secret: string
  /** A process of this machine. */
  pid: number
  /** A TCP and a UDP port on this machine's loopback. */
  tcp: number
  udp: number
  /** A Unix socket that listens, by path and by abstract name. */
  socket: string
  abstract: string
}

/** A call of the kernel's that nothing in a box may make. */
export const refused = (name: string, code: string): Row => ({ name, code, reason: 'EPERM' })
