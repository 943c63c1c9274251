// The built parts (plugin bundles, the web app): built again only when a source changed.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, statSync } from 'node:fs'
import path from 'node:path'
import { readJson, writeJson } from './files.mjs'
import { buildStamp, root } from './places.mjs'
import { say, secondsSince, SetupError } from './say.mjs'

const program = path.join(root, 'tools', 'build', 'main.ts')
const sources = ['packages', 'plugins', 'apps', path.join('tools', 'build'), 'package-lock.json', 'tsconfig.json']
const notSources = new Set(['node_modules', 'dist', 'fixtures', '.services', 'coverage'])
const isTest = /\.(test|spec)\.[cm]?tsx?$/

export function buildIsReady() {
  const stamp = readJson(buildStamp)
  return stamp?.key === currentKey() && stamp.outputs.every((/** @type {string} */ output) => existsSync(path.join(root, output)))
}

/** @param {string} node */
export function build(node) {
  const started = Date.now()
  say('Building the plugins and the web app …')
  const key = currentKey()
  const { status, stdout, stderr } = spawnSync(node, [program], { cwd: root, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 })
  if (status !== 0)
    throw new SetupError(
      `${stdout}${stderr}\nThe build failed: the lines above say where; mend that, or go back to a version that builds, then run the command again.`,
    )
  writeJson(buildStamp, { key, outputs: outputs() })
  say(`Built (${secondsSince(started)}).`)
}

/** What the build left behind: deleting any of it makes the next set-up build again. */
function outputs() {
  return ['dist/sdk', 'dist/plugins/bundled.json', 'dist/server/main.js', 'dist/web/index.html'].filter((output) =>
    existsSync(path.join(root, output)),
  )
}

/** Path, size and time of every source, as one hash; 500 files take about 10 ms. */
function currentKey() {
  const hash = createHash('sha256')
  for (const source of sources) addTo(hash, path.join(root, source))
  return hash.digest('hex')
}

/** @param {import('node:crypto').Hash} hash @param {string} place */
function addTo(hash, place) {
  const stats = statSync(place, { throwIfNoEntry: false })
  if (stats === undefined) return
  if (!stats.isDirectory()) return void hash.update(`${path.relative(root, place)} ${stats.size} ${stats.mtimeMs}\n`)
  for (const name of readdirSync(place).sort()) if (!notSources.has(name) && !isTest.test(name)) addTo(hash, path.join(place, name))
}
