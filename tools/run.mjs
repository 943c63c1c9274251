// node tools/run.mjs <file.ts> [arguments]: runs a TypeScript program of this repository with the right Node.
import path from 'node:path'
import { setUp } from './setup.mjs'
import { launch } from './setup/launch.mjs'
import { fail, SetupError } from './setup/say.mjs'

try {
  const [program, ...args] = process.argv.slice(2)
  if (program === undefined) throw new SetupError('Name the program to run: node tools/run.mjs tools/bench/main.ts')
  // The build program is what set-up itself would run.
  const node = await setUp({ build: !program.startsWith('tools/build') })
  process.exitCode = await launch(node, [path.resolve(program), ...args], { cwd: process.cwd() })
} catch (error) {
  fail(error)
}
