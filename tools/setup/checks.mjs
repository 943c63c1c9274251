// The checks that need no running program: types, lint, format. Each counts as one test in the closing line.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import path from 'node:path'
import { modulesFolder, root } from './places.mjs'
import { say, secondsSince } from './say.mjs'

/** `shown`: what it prints is worth reading when all is well, too. @typedef {{ name: string, program: string, args: string[], mend: string, shown?: boolean }} Check */

/** @returns {Check[]} */
function checks() {
  const projects = ['tsconfig.json', path.join('apps', 'web', 'tsconfig.json')].filter((file) => existsSync(path.join(root, file)))
  const types = projects.map((file) => ({
    name: `types of ${file}`,
    program: 'typescript/bin/tsc',
    args: ['-p', file],
    mend: `npx tsc -p ${file}`,
  }))
  return [
    ...types,
    { name: 'lint', program: 'oxlint/bin/oxlint', args: ['--type-aware', '--deny-warnings'], mend: 'npx oxlint --type-aware' },
    { name: 'format', program: 'oxfmt/bin/oxfmt', args: ['--list-different'], mend: 'npm run format' },
    {
      name: 'plugins and their quality scale',
      program: path.join(root, 'tools', 'check-plugins', 'main.ts'),
      args: [],
      mend: 'node tools/run.mjs tools/check-plugins/main.ts',
      shown: true,
    },
  ]
}

/**
 * Runs every check, one after the other: each of the programs already uses all cores.
 * @param {string} node
 * @returns {Promise<{ passed: number, failed: number }>}
 */
export async function runChecks(node) {
  const counts = { passed: 0, failed: 0 }
  for (const check of checks()) {
    const started = Date.now()
    const { code, output } = await run(node, check)
    if (code === 0) counts.passed++
    else counts.failed++
    if (code !== 0 || check.shown) say(output.trimEnd())
    say(`${code === 0 ? '✓' : '✗'} ${check.name} (${secondsSince(started)})${code === 0 ? '' : ` — ${check.mend}`}`)
  }
  return counts
}

/** @param {string} node @param {Check} check @returns {Promise<{ code: number, output: string }>} */
function run(node, { program, args }) {
  return new Promise((resolve, reject) => {
    const child = spawn(node, [path.resolve(modulesFolder, program), ...args], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    const add = (/** @type {Buffer} */ data) => (output += data.toString())
    child.stdout.on('data', add)
    child.stderr.on('data', add)
    child.on('error', reject)
    child.on('close', (code) => resolve({ code: code ?? 1, output }))
  })
}
