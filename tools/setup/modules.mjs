// The libraries: installed as package-lock.json says, and left alone while they still match it.
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { readJson, writeFailure, writeJson } from './files.mjs'
import { runNpm } from './npm.mjs'
import { modulesFolder, modulesStamp, root } from './places.mjs'
import { say, secondsSince, SetupError } from './say.mjs'

/** Whether node_modules is what package-lock.json says, by the stamp alone. */
export function modulesAreReady() {
  return readJson(modulesStamp)?.key === currentKey()
}

/** @param {string} node */
export async function installModules(node) {
  if (!matchesLock()) await install(node)
  linkCommand()
  writeJson(modulesStamp, { key: currentKey() })
}

/** @param {string} node */
async function install(node) {
  const started = Date.now()
  const flags = ['--include=dev', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']
  say('Installing the libraries …')
  try {
    await runNpm(['ci', ...flags], { node })
  } catch (error) {
    if (!isDisagreement(error)) throw error
    // Somebody changed package.json, or npm left native packages of other machines out of the lock: see complete-lock.mjs.
    say('package-lock.json is behind package.json; installing what package.json says …')
    await runNpm(['install', '--no-save', ...flags], { node })
  }
  say(`The libraries are installed (${secondsSince(started)}).`)
}

/** @param {unknown} error */
function isDisagreement(error) {
  return error instanceof SetupError && /npm (ERR!|error) code EUSAGE/.test(error.output ?? '')
}

/** A folder copied to another kind of machine needs its own native packages, so the kind is part of the key. */
function currentKey() {
  const lock = readFileSync(path.join(root, 'package-lock.json'))
  return `${createHash('sha256').update(lock).digest('hex')}-${process.platform}-${process.arch}`
}

/** True after somebody ran npm by hand: every package of the lock is there in its version. Optional ones may belong to other machines. */
function matchesLock() {
  const wanted = readJson(path.join(root, 'package-lock.json'))?.packages
  const installed = readJson(path.join(modulesFolder, '.package-lock.json'))?.packages
  if (wanted === undefined || installed === undefined) return false
  return Object.entries(wanted).every(([place, entry]) => {
    if (!place.includes('node_modules/')) return true
    const found = installed[place]
    if (found === undefined) return entry.optional === true && !isForThisMachine(entry)
    return entry.link === true || (found.version === entry.version && existsSync(path.join(root, place)))
  })
}

/** @param {{ os?: string[], cpu?: string[], libc?: string[] }} entry */
function isForThisMachine(entry) {
  if (entry.libc !== undefined) return false
  return (entry.os?.includes(process.platform) ?? false) && (entry.cpu?.includes(process.arch) ?? false)
}

/** npm links the commands of dependencies, not the project's own: this makes `npx lifeos` work in the checkout, without a network. */
function linkCommand() {
  const folder = path.join(modulesFolder, '.bin')
  try {
    mkdirSync(folder, { recursive: true })
    const link = path.join(folder, 'lifeos')
    rmSync(link, { force: true })
    if (process.platform === 'win32') writeFileSync(`${link}.cmd`, '@node "%~dp0\\..\\..\\tools\\bin\\lifeos.mjs" %*\r\n')
    else symlinkSync(path.join('..', '..', 'tools', 'bin', 'lifeos.mjs'), link)
  } catch (error) {
    throw writeFailure(error, folder)
  }
}
