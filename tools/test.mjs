// npm test: set-up, what the tests need from the system, the checks, every test; one closing line says how it went.
// Arguments after `--` go to Vitest, which then runs alone: npm test -- packages/kernel/src/plans
import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { setUp } from './setup.mjs'
import { runChecks } from './setup/checks.mjs'
import { readJson } from './setup/files.mjs'
import { launch } from './setup/launch.mjs'
import { modulesFolder, root } from './setup/places.mjs'
import { fail, say } from './setup/say.mjs'
import { provideTestNeeds } from './setup/system.mjs'

/** @param {string} node @param {string[]} args */
async function runTests(node, args) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'lifeos-test-'))
  const file = path.join(folder, 'counts.json')
  try {
    const reporters = ['--reporter=dot', `--reporter=${path.join(root, 'tools', 'house', 'reporter.ts')}`]
    const env = { ...process.env, CI: process.env['CI'] ?? 'true', LIFEOS_TEST_COUNTS: file }
    const code = await launch(node, [path.join(modulesFolder, 'vitest', 'vitest.mjs'), 'run', ...reporters, ...args], { env })
    return { code, counts: readJson(file) ?? { passed: 0, failed: 1, skipped: [] } }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Prints every skip with its reason; one without a reason counts as a failure. @param {{ name: string, reason: string | null }[]} skipped */
function tellSkips(skipped) {
  for (const { name, reason } of skipped) say(`skipped: ${name} — ${reason ?? 'no reason given, which counts as a failure'}`)
  return skipped.filter((skip) => skip.reason === null).length
}

try {
  const args = process.argv.slice(2)
  const node = await setUp()
  provideTestNeeds()
  const checks = args.length === 0 ? await runChecks(node) : { passed: 0, failed: 0 }
  const { code, counts } = await runTests(node, args)
  const unexplained = tellSkips(counts.skipped)
  const failed = checks.failed + counts.failed + unexplained
  // Vitest may fail for a reason that belongs to no test, such as a global set-up that threw.
  const total = failed === 0 && code !== 0 ? 1 : failed
  say(`${checks.passed + counts.passed} passed, ${total} failed, ${counts.skipped.length - unexplained} skipped`)
  process.exitCode = total === 0 ? 0 : 1
} catch (error) {
  fail(error)
  say('0 passed, 1 failed, 0 skipped')
}
