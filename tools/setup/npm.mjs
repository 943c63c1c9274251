// Finding npm and running it with the runtime that Life-OS uses, whichever Node the machine has.
import { spawn, spawnSync } from 'node:child_process'
import { accessSync, constants, existsSync, mkdirSync, realpathSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { writeFailure } from './files.mjs'
import { logFile, root, runtimeFolder } from './places.mjs'
import { npmFailure } from './reasons.mjs'
import { SetupError } from './say.mjs'

// Settings of the command that started us which would change what an install puts on the disk.
const misleading =
  /^npm_config_(workspaces?|include_workspace_root|omit|include|production|only|global|dry_run|package_lock_only|prefix|local_prefix|global_prefix|save|json|location|install_strategy|ignore_scripts|loglevel)$/i

/**
 * Runs npm and waits for it. The output goes to a log; a failure becomes one sentence.
 * @param {string[]} args
 * @param {{ node: string, cwd?: string }} options node: the runtime to run npm with
 */
export async function runNpm(args, { node, cwd = root }) {
  const cli = npmCli()
  const runner = runs(node, cli) ? node : process.execPath
  const { code, output } = await collect(runner, [cli, ...args], { cwd, env: npmEnvironment(node) })
  if (code === 0) return
  keepLog(output)
  throw npmFailure(output, { logFile, root })
}

/** The script of npm: the one that runs us, else the one beside this Node, else the one on PATH. */
export function npmCli() {
  const candidates = [process.env['npm_execpath'], ...besides(process.execPath), ...onPath()]
  const found = candidates.find((file) => file !== undefined && path.basename(file) === 'npm-cli.js' && existsSync(file))
  if (found === undefined)
    throw new SetupError('npm was not found: install it (on Debian and Ubuntu: apt-get install npm), then run the command again.')
  return found
}

/** @param {string} executable */
function besides(executable) {
  const folder = path.dirname(executable)
  return [
    path.join(folder, '..', 'lib', 'node_modules', 'npm', 'bin', 'npm-cli.js'),
    path.join(folder, 'node_modules', 'npm', 'bin', 'npm-cli.js'),
  ]
}

function onPath() {
  return (process.env['PATH'] ?? '').split(path.delimiter).flatMap((folder) => {
    const link = path.join(folder, 'npm')
    if (!existsSync(link)) return []
    const target = realpathSync(link)
    return [target, path.join(path.dirname(target), 'npm-cli.js'), ...besides(link)]
  })
}

/** Debian's npm finds its libraries only under Debian's Node, so it is asked first. @param {string} node @param {string} cli */
function runs(node, cli) {
  return spawnSync(node, [cli, '--version'], { env: npmEnvironment(node), stdio: 'ignore' }).status === 0
}

/** @param {string} node */
function npmEnvironment(node) {
  const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !misleading.test(name)))
  delete environment['NODE_ENV']
  delete environment['NODE_OPTIONS']
  environment['PATH'] = `${path.dirname(node)}${path.delimiter}${process.env['PATH'] ?? ''}`
  const cache = environment['npm_config_cache'] ?? path.join(os.homedir(), '.npm')
  if (!canHold(cache)) environment['npm_config_cache'] = path.join(runtimeFolder, 'npm-cache')
  return environment
}

/** Whether the folder, or the nearest one above that exists, can be written. @param {string} folder @returns {boolean} */
function canHold(folder) {
  if (!existsSync(folder)) return path.dirname(folder) !== folder && canHold(path.dirname(folder))
  try {
    accessSync(folder, constants.W_OK)
    return true
  } catch {
    return false
  }
}

/**
 * @param {string} command @param {string[]} args @param {{ cwd: string, env: NodeJS.ProcessEnv }} options
 * @returns {Promise<{ code: number, output: string }>}
 */
function collect(command, args, { cwd, env }) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    const add = (/** @type {Buffer} */ data) => (output += data.toString())
    child.stdout.on('data', add)
    child.stderr.on('data', add)
    child.on('error', reject)
    child.on('close', (code) => resolve({ code: code ?? 1, output }))
  })
}

/** @param {string} output */
function keepLog(output) {
  try {
    mkdirSync(path.dirname(logFile), { recursive: true })
    writeFileSync(logFile, output)
  } catch (error) {
    throw writeFailure(error, path.dirname(logFile))
  }
}
