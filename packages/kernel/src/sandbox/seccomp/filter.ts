import { MACHINES, REFUSED } from './calls.ts'
import type { Machine } from './calls.ts'

/** One instruction of classic BPF (linux/filter.h): `jt` and `jf` count the instructions to skip. */
export interface Instruction {
  code: number
  jt: number
  jf: number
  k: number
}

export const LOAD = 0x20 // BPF_LD | BPF_W | BPF_ABS
export const JUMP_EQUAL = 0x15 // BPF_JMP | BPF_JEQ | BPF_K
export const JUMP_AT_LEAST = 0x35 // BPF_JMP | BPF_JGE | BPF_K
export const JUMP_ANY_BIT = 0x45 // BPF_JMP | BPF_JSET | BPF_K
export const RETURN = 0x06 // BPF_RET | BPF_K

export const ALLOW = 0x7fff0000
export const KILL = 0x80000000 // the whole process
/** SECCOMP_RET_ERRNO with the number of the error. */
export const refuse = (errno: number) => 0x00050000 | errno
export const EPERM = 1
export const ENOSYS = 38
export const EAFNOSUPPORT = 97

/** Where struct seccomp_data has its fields; arguments are read by their low half, both machines being little-endian. */
const NUMBER = 0
const ARCHITECTURE = 4
const argument = (index: number) => 16 + 8 * index

const AF_UNIX = 1
const AF_INET = 2
const AF_INET6 = 10
/** Every CLONE_NEW… flag that clone takes (linux/sched.h). */
const NEW_NAMESPACES = 0x7e020000
const TIOCSTI = 0x5412
const TIOCLINUX = 0x541c
const SAME_PERSONALITY = 0xffffffff

const load = (k: number): Instruction => ({ code: LOAD, jt: 0, jf: 0, k })
const give = (k: number): Instruction => ({ code: RETURN, jt: 0, jf: 0, k })
/** Skips the next `skip` instructions unless the test holds. */
const unless = (code: number, k: number, skip: number): Instruction => ({ code, jt: 0, jf: skip, k })
const when = (code: number, k: number, outcome: number): Instruction[] => [unless(code, k, 1), give(outcome)]

/** What is done with calls that are not simply refused. Each block ends by giving an outcome. */
const BLOCKS: Readonly<Record<string, readonly Instruction[]>> = {
  clone: [load(argument(0)), ...when(JUMP_ANY_BIT, NEW_NAMESPACES, refuse(EPERM)), give(ALLOW)],
  clone3: [give(refuse(ENOSYS))], // its flags lie in memory, out of a filter's sight: libc falls back to clone
  ioctl: [load(argument(1)), ...when(JUMP_EQUAL, TIOCSTI, refuse(EPERM)), ...when(JUMP_EQUAL, TIOCLINUX, refuse(EPERM)), give(ALLOW)],
  personality: [load(argument(0)), ...when(JUMP_EQUAL, 0, ALLOW), ...when(JUMP_EQUAL, SAME_PERSONALITY, ALLOW), give(refuse(EPERM))],
  socket: families(),
  socketpair: families(),
}

function families(): Instruction[] {
  return [
    load(argument(0)),
    ...[AF_UNIX, AF_INET, AF_INET6].flatMap((family) => when(JUMP_EQUAL, family, ALLOW)),
    give(refuse(EAFNOSUPPORT)),
  ]
}

/** The filter of every box. Undefined where the machine's calls are not known. */
export function filterFor(arch: string): Instruction[] | undefined {
  const machine = MACHINES[arch]
  return machine && build(machine)
}

function build({ audit, foreignFrom, numbers }: Machine): Instruction[] {
  const of = (name: string, block: readonly Instruction[]): Instruction[] => {
    const number = numbers.get(name)
    return number === undefined ? [] : [unless(JUMP_EQUAL, number, block.length), ...block]
  }
  return [
    load(ARCHITECTURE),
    { code: JUMP_EQUAL, jt: 1, jf: 0, k: audit },
    give(KILL),
    load(NUMBER),
    ...(foreignFrom === null ? [] : when(JUMP_AT_LEAST, foreignFrom, KILL)),
    ...Object.entries(BLOCKS).flatMap(([name, block]) => of(name, block)),
    ...REFUSED.flatMap((name) => of(name, [give(refuse(EPERM))])),
    give(ALLOW),
  ]
}

/** As `struct sock_filter` lies in memory: u16, u8, u8, u32, little-endian. */
export function encode(program: readonly Instruction[]): Uint8Array {
  const bytes = new DataView(new ArrayBuffer(program.length * 8))
  for (const [index, { code, jt, jf, k }] of program.entries()) {
    bytes.setUint16(index * 8, code, true)
    bytes.setUint8(index * 8 + 2, jt)
    bytes.setUint8(index * 8 + 3, jf)
    bytes.setUint32(index * 8 + 4, k, true)
  }
  return new Uint8Array(bytes.buffer)
}
