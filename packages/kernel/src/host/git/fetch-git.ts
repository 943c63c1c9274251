import { fileURLToPath } from 'node:url'
import { LifeOsError, errorShape } from '@life-os/contract'
import type { ExecOutcome, Sandbox } from '../../sandbox/types.ts'
import { openStage } from '../exec/stage.ts'
import { admitUrl, hostOf, portOf, systemLookup } from '../net/address.ts'
import type { Lookup } from '../net/address.ts'
import { noSecrets } from '../net/credential.ts'
import { openEgress } from '../proxy/index.ts'
import type { CallScope } from '../types.ts'
import { FETCH, ROOM, environmentFor } from './script.ts'
import { showRepository, writeSettings } from './shown.ts'

export interface GitFetchDependencies {
  home: string
  sandbox: Sandbox
  lookup?: Lookup
  limits?: Partial<GitFetchLimits>
}
export interface GitFetchLimits {
  /** Milliseconds. */
  time: number
  /** MiB, of what is fetched and of git itself. */
  memory: number
  /** Bytes over the network, and bytes of the files. */
  traffic: number
  files: number
}
/** An address that was checked to be plain: `https`, `file`, or `http` on this machine. */
export interface GitAddress {
  url: string
  /** A branch or a tag; default what HEAD names. */
  ref?: string | undefined
}
export interface GitFiles {
  commit: string
  /** The commit's files, as a tar archive that must not be trusted. */
  archive: Uint8Array
}

const LIMITS: GitFetchLimits = { time: 120_000, memory: 1024, traffic: 256 * 1024 ** 2, files: 160 * 1024 ** 2 }
const PIDS = 64
const PROXY_PORT = 3128

/**
 * Fetches one commit of a repository that nobody has to trust. Git runs in a box that reaches the one place of its address
 * and nothing else, and gives its files as bytes. Where this machine has no boxes it runs as the server does, without
 * following redirects. Errors: `plugin-fetch-failed`, with what git said.
 */
export function createGitFetch({
  home,
  sandbox,
  lookup = systemLookup,
  limits,
}: GitFetchDependencies): (address: GitAddress, signal?: AbortSignal) => Promise<GitFiles> {
  const most = { ...LIMITS, ...limits }
  return async (address, signal = new AbortController().signal) => {
    const url = new URL(address.url)
    try {
      const run = sandbox.isolation.level === 'bubblewrap' ? inBox : plainly
      return filesOf(await run({ home, sandbox, lookup, most, url, ref: address.ref ?? 'HEAD', signal }), most)
    } catch (error) {
      throw failed(reasonOf(error), error)
    }
  }
}

interface Fetching {
  home: string
  sandbox: Sandbox
  lookup: Lookup
  most: GitFetchLimits
  url: URL
  ref: string
  signal: AbortSignal
}

async function inBox(fetching: Fetching): Promise<ExecOutcome> {
  const { home, sandbox, url, most } = fetching
  await using stage = openStage(home, sandbox.identity)
  const settings = writeSettings(stage)
  const mounts = [{ from: settings.folder, to: settings.to, access: 'read' as const }]
  const setting = { protocol: url.protocol.slice(0, -1), held: true, ...settings.files }
  if (url.protocol === 'file:') {
    const shown = await showRepository(stage, sandbox.identity, fileURLToPath(url), most.files)
    return await execute(fetching, {
      address: `file://${shown.to}`,
      mounts: [...mounts, shown],
      environment: environmentFor(setting),
      proxy: null,
    })
  }
  await using egress = await egressTo(fetching)
  const proxy = `http://127.0.0.1:${PROXY_PORT}`
  const environment = { ...environmentFor(setting), http_proxy: proxy, https_proxy: proxy }
  return await execute(fetching, { address: url.href, mounts, environment, proxy: { socket: egress.socket, port: PROXY_PORT } })
}

function plainly(fetching: Fetching): Promise<ExecOutcome> {
  const environment = environmentFor({ protocol: fetching.url.protocol.slice(0, -1), held: false })
  return execute(fetching, { address: fetching.url.href, mounts: [], environment, proxy: null })
}

interface Way {
  address: string
  mounts: readonly { from: string; to: string; access: 'read' }[]
  environment: Record<string, string>
  proxy: { socket: string; port: number } | null
}

/** Whoever installs a plugin from git asks for this very command, also where there is no box for it. */
function execute({ sandbox, most, ref, signal }: Fetching, { address, mounts, environment, proxy }: Way): Promise<ExecOutcome> {
  return sandbox.exec(
    {
      program: 'sh',
      args: ['-s', '--', address, ref],
      cwd: '/work',
      mounts,
      env: environment,
      stdin: Buffer.from(FETCH),
      proxy,
      limits: { time: most.time, memory: most.memory, pids: PIDS, output: most.files, fileSize: ROOM },
    },
    signal,
    { unsandboxed: true },
  )
}

/** A way out to the address's own host and port; to a private one only where the address names it, or localhost. */
async function egressTo({ sandbox, lookup, url, most, signal }: Fetching) {
  const place = `${hostOf(url)}:${portOf(url)}`
  const scope: CallScope = {
    run: '',
    path: '',
    try: 0,
    plugin: 'life-os',
    pluginVersion: '',
    tool: 'plugins.install',
    key: '',
    effect: 'read',
    reversal: 'none',
    allowed: [{ kind: 'net', resource: place }],
    labels: [],
  }
  await admitUrl(scope, url, lookup) // once before git is asked, for a clear reason
  return openEgress({
    scope,
    lookup,
    places: [place],
    auth: [],
    secrets: noSecrets,
    identity: sandbox.identity,
    signal,
    traffic: most.traffic,
  })
}

function filesOf({ code, cut, stdout, stderr }: ExecOutcome, { files, time }: GitFetchLimits): GitFiles {
  if (cut === 'time') throw new Error(`it took longer than ${Math.round(time / 1000)} seconds.`)
  if (cut === 'memory') throw new Error('what the other side sent is too large.')
  if (cut === 'cancelled') throw new Error('it was cancelled.')
  if (cut === 'output' || stdout.length >= files) throw new Error(`its files come to more than ${Math.floor(files / 1024 ** 2)} MiB.`)
  if (code !== 0) throw new Error(lastWords(stderr) || `git ended with ${code ?? 'a signal'}.`)
  const line = stdout.indexOf(0x0a)
  const commit = Buffer.from(stdout.subarray(0, Math.max(0, line))).toString()
  if (!/^[0-9a-f]{40,64}$/.test(commit)) throw new Error('git did not say which commit it fetched.')
  return { commit, archive: stdout.subarray(line + 1) }
}

/** The lines that say why, without advice about other machines. */
function lastWords(stderr: Uint8Array): string {
  const lines = Buffer.from(stderr.subarray(-4000))
    .toString()
    .split('\n')
    .filter((line) => line.trim() !== '')
  const telling = lines.filter((line) => /^(fatal|error|remote|sh|tar): /.test(line))
  return (telling.length > 0 ? telling : lines).slice(-3).join(' ').slice(0, 500)
}

function reasonOf(error: unknown): string {
  const { code, message } = errorShape(error)
  if (code === 'address-private')
    return 'its name leads to an address in a private network. If you mean that, write the address itself, or localhost, in its place.'
  return error instanceof Error ? error.message : message
}

const failed = (why: string, cause: unknown): LifeOsError =>
  new LifeOsError('plugin-fetch-failed', `The plugin could not be fetched: ${why}`, { class: 'operational', applied: 'no', cause })
