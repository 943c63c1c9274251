import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { MACHINES, REFUSED } from './calls.ts'
import { ALLOW, EAFNOSUPPORT, encode, ENOSYS, EPERM, filterFor, KILL, refuse } from './filter.ts'
import { interpret } from './testing.ts'

const machines = Object.entries(MACHINES).map(([name, machine]) => {
  const bytes = encode(filterFor(name)!)
  const answer = (call: string, ...args: bigint[]) => interpret(bytes, { arch: machine.audit, number: machine.numbers.get(call)!, args })
  return { name, machine, bytes, answer }
})
const word = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })
/** CLONE_VM, CLONE_FS, CLONE_FILES, CLONE_SIGHAND, CLONE_THREAD, CLONE_SYSVSEM, CLONE_SETTLS and the two TID flags: as pthread_create asks. */
const THREAD = 0x3d0f00n

describe.each(machines)('the filter of $name', ({ machine, bytes, answer }) => {
  test('is as the kernel wants it: short, and without a jump past its end', () => {
    expect(bytes.length % 8).toBe(0)
    expect(bytes.length / 8).toBeLessThan(4096)
    const count = bytes.length / 8
    for (let at = 0; at < count; at++)
      expect(at + 1 + Math.max(bytes[at * 8 + 2]!, bytes[at * 8 + 3]!)).toBeLessThanOrEqual(at + 1 === count ? count : count - 1)
  })

  test('refuses every call on the list that the machine has, whatever its arguments', () => {
    const listed = REFUSED.filter((name) => machine.numbers.has(name))
    expect(listed.length).toBeGreaterThan(50)
    fc.assert(
      fc.property(fc.constantFrom(...listed), fc.array(word, { maxLength: 6 }), (name, args) => answer(name, ...args) === refuse(EPERM)),
    )
  })

  test('allows every other number', () => {
    const judged = new Set(machine.numbers.values())
    const others = fc.integer({ min: 0, max: 1000 }).filter((number) => !judged.has(number))
    fc.assert(
      fc.property(
        others,
        fc.array(word, { maxLength: 6 }),
        (number, args) => interpret(bytes, { arch: machine.audit, number, args }) === ALLOW,
      ),
    )
  })

  test('kills whoever calls as another machine', () => {
    const foreign = fc.integer({ min: 0, max: 2 ** 32 - 1 }).filter((arch) => arch !== machine.audit)
    fc.assert(fc.property(foreign, fc.integer({ min: 0, max: 1000 }), (arch, number) => interpret(bytes, { arch, number }) === KILL))
  })

  test('lets threads and processes begin, but no namespace', () => {
    expect(answer('clone', THREAD)).toBe(ALLOW)
    expect(answer('clone', 17n)).toBe(ALLOW) // fork: SIGCHLD alone
    const kinds = [0x20000n, 0x2000000n, 0x4000000n, 0x8000000n, 0x10000000n, 0x20000000n, 0x40000000n]
    fc.assert(fc.property(fc.constantFrom(...kinds), word, (kind, rest) => answer('clone', kind | rest) === refuse(EPERM)))
    expect(answer('clone3', 0n, 88n)).toBe(refuse(ENOSYS))
  })

  test('knows three families of sockets', () => {
    for (const call of ['socket', 'socketpair']) {
      for (const family of [1n, 2n, 10n]) expect(answer(call, family, 1n)).toBe(ALLOW)
      const others = fc.integer({ min: 0, max: 2 ** 32 - 1 }).filter((family) => ![1, 2, 10].includes(family))
      fc.assert(fc.property(others, (family) => answer(call, BigInt(family)) === refuse(EAFNOSUPPORT)))
    }
  })

  test('pushes no key into a terminal, and keeps the personality', () => {
    for (const request of [0x5412n, 0x541cn]) {
      expect(answer('ioctl', 0n, request)).toBe(refuse(EPERM))
      expect(answer('ioctl', 0n, request | (1n << 32n))).toBe(refuse(EPERM)) // the kernel looks at the low half alone
    }
    expect(answer('ioctl', 0n, 0x5413n)).toBe(ALLOW)
    for (const same of [0n, 0xffffffffn]) expect(answer('personality', same)).toBe(ALLOW)
    expect(answer('personality', 0x40000n)).toBe(refuse(EPERM)) // ADDR_NO_RANDOMIZE
  })
})

test('the second ABI of x64 is closed', () => {
  const { bytes, machine } = machines.find(({ name }) => name === 'x64')!
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 600 }),
      (number) => interpret(bytes, { arch: machine.audit, number: 0x40000000 + number }) === KILL,
    ),
  )
})

test('only calls that a machine really lacks are missing from its table', () => {
  const missing = (name: string) => REFUSED.filter((call) => !MACHINES[name]!.numbers.has(call))
  expect(missing('x64')).toEqual([])
  expect(missing('arm64')).toEqual(['iopl', 'ioperm', 'modify_ldt', 'uselib'])
  for (const { numbers } of Object.values(MACHINES)) expect(new Set(numbers.values()).size).toBe(numbers.size)
})

test('a machine that is not known has no filter', () => expect(filterFor('riscv64')).toBeUndefined())
