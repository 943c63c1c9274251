// npm start: set-up, then the server with the arguments that follow `--`.
import path from 'node:path'
import { setUp } from './setup.mjs'
import { launch } from './setup/launch.mjs'
import { root } from './setup/places.mjs'
import { fail } from './setup/say.mjs'

try {
  const node = await setUp()
  process.exitCode = await launch(node, [path.join(root, 'apps', 'server', 'src', 'main.ts'), ...process.argv.slice(2)])
} catch (error) {
  fail(error)
}
