// npm run check: types, lint and format alone, in a few seconds.
import { setUp } from './setup.mjs'
import { runChecks } from './setup/checks.mjs'
import { fail } from './setup/say.mjs'

try {
  const { failed } = await runChecks(await setUp({ build: false }))
  process.exitCode = failed === 0 ? 0 : 1
} catch (error) {
  fail(error)
}
