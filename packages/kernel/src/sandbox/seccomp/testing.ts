import { JUMP_ANY_BIT, JUMP_AT_LEAST, JUMP_EQUAL, LOAD, RETURN } from './filter.ts'

/** A system call as the kernel shows it to a filter. */
export interface Call {
  arch: number
  number: number
  args?: readonly bigint[]
}

/** What a filter answers, computed from its bytes as the kernel would (linux/net/core/filter.c). */
export function interpret(bytes: Uint8Array, { arch, number, args = [] }: Call): number {
  const data = new DataView(new ArrayBuffer(64)) // struct seccomp_data
  data.setInt32(0, number | 0, true)
  data.setUint32(4, arch, true)
  for (const [index, value] of args.entries()) data.setBigUint64(16 + 8 * index, BigInt.asUintN(64, value), true)
  const program = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let accumulator = 0
  for (let at = 0; at < bytes.length; at += 8) {
    const code = program.getUint16(at, true)
    const k = program.getUint32(at + 4, true)
    const skip = (holds: boolean) => 8 * program.getUint8(at + (holds ? 2 : 3))
    if (code === LOAD) accumulator = data.getUint32(k, true)
    else if (code === JUMP_EQUAL) at += skip(accumulator === k)
    else if (code === JUMP_AT_LEAST) at += skip(accumulator >= k)
    else if (code === JUMP_ANY_BIT) at += skip((accumulator & k) !== 0)
    else if (code === RETURN) return k
    else throw new Error(`an instruction that is not known: ${code}`)
  }
  throw new Error('the program ends without an answer')
}
