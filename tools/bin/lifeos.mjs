#!/usr/bin/env node
// lifeos: goes on with the Node that set-up made ready where the machine's own is too old. Plain JavaScript for Node 18.
import { existsSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { buildIsReady } from '../setup/build.mjs'
import { launch } from '../setup/launch.mjs'
import { root } from '../setup/places.mjs'
import { isNewEnough, readyRuntime } from '../setup/runtime.mjs'

const program = fileURLToPath(import.meta.url)
const args = process.argv.slice(2)

if (!existsSync(path.join(root, 'node_modules', 'commander'))) fail('Life-OS is not set up yet. Run “npm start” once in its folder.')
else if (isNewEnough(process.versions.node)) await run()
else {
  const node = readyRuntime()
  if (node === undefined)
    fail(`Life-OS needs Node 24 and this is ${process.versions.node}. Run “npm start” once in its folder: it gets one for Life-OS alone.`)
  else process.exitCode = await launch(node, [program, ...args], { cwd: process.cwd() })
}

async function run() {
  const { default: module } = await import('node:module')
  module.enableCompileCache?.(path.join(root, 'node_modules', '.life-os', 'compile-cache'))
  const { main } = await (buildIsReady()
    ? import(pathToFileURL(path.join(root, 'dist', 'server', 'lifeos.js')).href)
    : import('../../apps/cli/src/main.ts'))
  const code = await main(args)
  if (code === undefined) return // a server runs here
  process.exitCode = code
  if (process.stdout.writableLength === 0) process.exit()
  process.stdout.once('drain', () => process.exit())
}

/** @param {string} sentence */
function fail(sentence) {
  process.stderr.write(`${sentence}\n`)
  process.exitCode = 1
}
