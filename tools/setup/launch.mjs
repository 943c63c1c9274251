// Going on with the right Node: the child has the terminal, gets every signal, and its exit code is ours.
import { spawn } from 'node:child_process'
import os from 'node:os'
import { whenOrphaned } from './orphan.mjs'
import { root } from './places.mjs'

const passedOn = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR2']

/**
 * @param {string} node
 * @param {string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv }} [options]
 * @returns {Promise<number>} the exit code; 128 + n where signal n ended it
 */
export function launch(node, args, { cwd = root, env = process.env } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(node, args, { cwd, env, stdio: 'inherit' })
    // A terminal sends Ctrl-C to both; passing it on again would count as a second Ctrl-C, so only others' signals are passed on.
    const pass = (/** @type {NodeJS.Signals} */ signal) => {
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal)
    }
    for (const signal of passedOn) if (signal in os.constants.signals) process.on(signal, pass)
    // Run by hand with nohup, losing the shell is meant; run by npm, its end is ours.
    const stopWatching = process.env['npm_lifecycle_event'] === undefined ? () => undefined : whenOrphaned(() => child.kill('SIGTERM'))
    child.on('error', reject)
    child.on('exit', (code, signal) => {
      stopWatching()
      for (const name of passedOn) process.off(name, pass)
      resolve(code ?? 128 + (signal === null ? 1 : os.constants.signals[signal]))
    })
  })
}
