import { spawn } from 'node:child_process'
import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { LifeOsError } from '@life-os/contract'
import { sourceFault } from './limits.ts'

const PATIENCE = 120_000
/** Blocks of 512 bytes that one file of git's may grow to: 256 MiB. */
const FILE_BLOCKS = 524_288

/** Nothing of this machine's or the repository's configuration counts: no hooks, no filters, no helpers, one protocol. */
const SETTINGS = [
  'core.hooksPath=/dev/null',
  'core.symlinks=false',
  'core.fsmonitor=false',
  'core.protectNTFS=true',
  'core.protectHFS=true',
  'credential.helper=',
  'protocol.allow=never',
  'submodule.recurse=false',
  'gc.auto=0',
  'http.followRedirects=initial',
  'advice.detachedHead=false',
]

/** Fetches one commit into `into`, without history, submodules or hooks. Answers which one. Errors: `plugin-source-invalid`, `plugin-fetch-failed`. */
export async function fetchGit(url: string, ref: string | undefined, into: string): Promise<string> {
  const protocol = protocolOf(url)
  if (ref !== undefined && !/^[A-Za-z0-9][\w./+-]{0,200}$/.test(ref))
    throw sourceFault(`${JSON.stringify(ref)} is no name of a branch or tag.`)
  await mkdir(into, { recursive: true, mode: 0o700 })
  const allow = `protocol.${protocol}.allow=always`
  const git = (...args: string[]) => runGit([...SETTINGS, allow].flatMap((setting) => ['-c', setting]).concat(args), into, protocol)
  await git('init', '--quiet', '--template=', '--initial-branch=fetched')
  await git(
    'fetch',
    '--quiet',
    '--depth=1',
    '--no-tags',
    '--no-recurse-submodules',
    '--no-write-fetch-head',
    '--',
    url,
    `${ref ?? 'HEAD'}:refs/heads/taken`,
  )
  await git('checkout', '--quiet', '--force', 'refs/heads/taken')
  return (await git('rev-parse', 'HEAD')).trim()
}

/** `https`, `file`, or `http` on this machine. Addresses carry no names or passwords. */
function protocolOf(text: string): 'https' | 'http' | 'file' {
  const url = URL.parse(text)
  const protocol = url?.protocol.slice(0, -1)
  if (!url || text.length > 2000 || /[\s\0-\x1f]/.test(text)) throw sourceFault(`${JSON.stringify(text.slice(0, 200))} is no git address.`)
  if (url.username !== '' || url.password !== '') throw sourceFault('A git address may not carry a name or password.')
  const here = ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname)
  if (protocol === 'https' || protocol === 'file' || (protocol === 'http' && here)) return protocol
  throw sourceFault(`Plugins are fetched over https (or from this machine by file:), not over ${url.protocol}`)
}

function runGit(args: readonly string[], folder: string, protocol: string): Promise<string> {
  const child = spawn('/bin/sh', ['-c', `ulimit -f ${FILE_BLOCKS}; exec git "$@"`, 'git', ...args], {
    cwd: folder,
    env: {
      PATH: '/usr/local/bin:/usr/bin:/bin',
      HOME: folder,
      LC_ALL: 'C',
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_TERMINAL_PROMPT: '0',
      GIT_ASKPASS: '/bin/false',
      GIT_ALLOW_PROTOCOL: protocol,
      GIT_ATTR_NOSYSTEM: '1',
      GIT_CEILING_DIRECTORIES: path.dirname(folder),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })
  const timer = setTimeout(() => child.pid !== undefined && process.kill(-child.pid, 'SIGKILL'), PATIENCE)
  let out = ''
  let err = ''
  child.stdout.on('data', (chunk: Buffer) => void (out.length < 4096 && (out += chunk.toString())))
  child.stderr.on('data', (chunk: Buffer) => void (err.length < 4096 && (err += chunk.toString())))
  return new Promise((resolve, reject) => {
    child.once('error', (cause) => reject(failed(`git cannot be started (${cause.message}). Install git.`)))
    child.once('close', (code) => {
      clearTimeout(timer)
      if (code === 0) resolve(out)
      else reject(failed(err.trim().split('\n').slice(-3).join(' ') || `git ended with ${code ?? 'a signal'}`))
    })
  })
}

const failed = (why: string): LifeOsError =>
  new LifeOsError('plugin-fetch-failed', `The plugin could not be fetched: ${why}`, { class: 'operational', applied: 'no' })
