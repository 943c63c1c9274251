// npm start: set-up, then the server with the arguments that follow `--`.
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { setUp } from './setup.mjs'
import { launch } from './setup/launch.mjs'
import { root } from './setup/places.mjs'
import { fail } from './setup/say.mjs'

try {
  const node = await setUp()
  const args = process.argv.slice(2)
  const follow = args.includes('--background')
    ? []
    : [`--import=${pathToFileURL(path.join(root, 'tools', 'setup', 'follow-parent.mjs')).href}`]
  process.exitCode = await launch(node, [...follow, path.join(root, 'dist', 'server', 'main.js'), ...args])
} catch (error) {
  fail(error)
}
