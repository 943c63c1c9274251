import { readFileSync } from 'node:fs'

export interface Identity {
  uid: number
  gid: number
}

/** Who boxes are. Outside a root server that is the server's own user. */
export interface Identities {
  /** Of commands, always the same, so that their files can be staged for it. Null: the server's own. */
  readonly shared: Identity | null
  /** One that no other box of this server has now; null: the server's own. */
  take(): (Identity & Disposable) | null
}

/** Debian gives system users 100 to 999, people 1000 to 59999, and containers from 100000 on: 60000 to 64999 are for uses like this one. */
const FIRST = 62_000
const COUNT = 1000

/** A root server never lends its uid: under uid 0 a box could write to the kernel's own settings. */
export function createIdentities(own = process.getuid?.() ?? -1): Identities {
  if (own !== 0) return { shared: null, take: () => null }
  const named = namedIds()
  const free = Array.from({ length: COUNT }, (_, index) => FIRST + index).filter((id) => !named.has(id))
  const shared = free.shift() ?? FIRST
  const held = new Set<number>()
  let next = 0
  return {
    shared: { uid: shared, gid: shared },
    take() {
      for (let tried = 0; tried < free.length && held.has(free[next % free.length]!); tried++) next++
      const id = free[next++ % free.length] ?? shared
      held.add(id)
      return { uid: id, gid: id, [Symbol.dispose]: () => void held.delete(id) }
    },
  }
}

function namedIds(): Set<number> {
  const lines = ['/etc/passwd', '/etc/group'].flatMap((file) => {
    try {
      return readFileSync(file, 'utf8').split('\n')
    } catch {
      return [] // a container may have none
    }
  })
  return new Set(lines.map((line) => Number(line.split(':')[2])))
}
