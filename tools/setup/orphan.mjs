// npm's shell dies of a signal without passing it on, and outlives an npm that was killed. An orphan is told by the process ids
// above it, which then change.
import { readFileSync } from 'node:fs'

const everyMs = 500

/** Calls once when whoever started this process is gone. Keeps nothing alive. @param {() => void} act @returns {() => void} stops watching */
export function whenOrphaned(act) {
  const parent = process.ppid
  const starter = starterOf(parent)
  const watch = setInterval(() => {
    if (process.ppid === parent && starterOf(parent) === starter) return
    clearInterval(watch)
    act()
  }, everyMs)
  watch.unref()
  return () => clearInterval(watch)
}

/** Where the parent is only the shell that npm runs a script in: its parent, npm. Known on Linux; elsewhere that shell makes way for us. */
function starterOf(/** @type {number} */ parent) {
  try {
    const [program = '', flag = ''] = readFileSync(`/proc/${parent}/cmdline`, 'utf8').split('\0')
    if (!/(^|\/)sh$/.test(program) || flag !== '-c') return undefined
    return /^PPid:\s*(\d+)/m.exec(readFileSync(`/proc/${parent}/status`, 'utf8'))?.[1]
  } catch {
    return undefined
  }
}
