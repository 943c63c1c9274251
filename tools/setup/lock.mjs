// One set-up at a time in one checkout: the lock file holds the process id of whoever works.
import { closeSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, statSync, writeSync } from 'node:fs'
import path from 'node:path'
import { writeFailure } from './files.mjs'
import { lockFile } from './places.mjs'
import { say, SetupError } from './say.mjs'

const staleAfterMs = 30 * 60_000
const pollMs = 200

/**
 * Runs the work while holding the lock; waits for another set-up first.
 * @template T
 * @param {() => Promise<T>} work
 * @param {{ file?: string, patienceMs?: number }} [options]
 * @returns {Promise<T>}
 */
export async function withLock(work, { file = lockFile, patienceMs = staleAfterMs } = {}) {
  await take(file, Date.now() + patienceMs)
  try {
    return await work()
  } finally {
    rmSync(file, { force: true })
  }
}

/** @param {string} file @param {number} deadline */
async function take(file, deadline) {
  let told = false
  while (!tryTake(file)) {
    const holder = holderOf(file)
    if (holder === undefined) removeStale(file)
    else {
      if (!told) say(`Another set-up is running here (process ${holder}); waiting for it.`)
      told = true
      if (Date.now() > deadline)
        throw new SetupError(`Another set-up (process ${holder}) does not end: stop it, then run the command again.`)
      await new Promise((resolve) => setTimeout(resolve, pollMs))
    }
  }
}

/** @param {string} file */
function tryTake(file) {
  try {
    mkdirSync(path.dirname(file), { recursive: true })
    const handle = openSync(file, 'wx')
    writeSync(handle, String(process.pid))
    closeSync(handle)
    return true
  } catch (error) {
    if (error.code === 'EEXIST') return false
    throw writeFailure(error, path.dirname(file))
  }
}

/** The process that holds the lock, or undefined where it is gone. @param {string} file */
function holderOf(file) {
  try {
    const age = Date.now() - statSync(file).mtimeMs
    const holder = Number(readFileSync(file, 'utf8'))
    // An empty file is a lock that was taken a moment ago and not yet written.
    if (!holder) return age < 2_000 ? 'starting' : undefined
    if (age > staleAfterMs) return undefined
    return isRunning(holder) ? holder : undefined
  } catch {
    return undefined
  }
}

/** @param {number} id */
function isRunning(id) {
  try {
    process.kill(id, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}

/** Renames first, so that of two waiting processes only one removes this very lock. @param {string} file */
function removeStale(file) {
  const aside = `${file}.${process.pid}.stale`
  try {
    renameSync(file, aside)
    rmSync(aside, { force: true })
  } catch (error) {
    if (error.code !== 'ENOENT') throw writeFailure(error, path.dirname(file))
  }
}
