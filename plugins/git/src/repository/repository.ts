import { LifeOsError } from '@life-os/plugin-sdk'
import type { Command, CommandResult, HostV1 } from '@life-os/plugin-sdk'
import { environment, unsafeKeys } from './config.ts'
import type { GitEnvironment } from './config.ts'

const OUTPUT = 8 * 1024 * 1024
const LONG = 600_000

/** Where a repository stands. */
export interface Standing {
  /** Null while HEAD names a commit and no branch. */
  branch: string | null
  /** Null before the first commit. */
  commit: string | null
}

export interface Remote {
  name: string
  url: string
  /** `host:port` */
  place: string
}

/** What a changing command is, beside its arguments. */
export interface Change extends GitEnvironment {
  shows?: string[]
  remote?: Remote
  secret?: string | undefined
}

/** One repository, through git in boxes: looking mounts it for reading, changing for writing; neither runs its hooks. */
export interface Repository {
  readonly path: string
  /** Standard output of a command that only looks. Error: `git-failed`. */
  look(...args: string[]): Promise<string>
  /** The same, or null when git says no. */
  maybe(...args: string[]): Promise<string | null>
  standing(): Promise<Standing>
  /** The commit a name means. Error: `git-name-unknown`. */
  resolve(name: string): Promise<string>
  remote(name: string): Promise<Remote>
  /** Announced as one command; ends a preview. Error: `git-failed`. */
  change(args: string[], how?: Change): Promise<CommandResult>
  /** The same without an error where git says no. */
  attempt(command: Pick<Command, 'program' | 'args' | 'script'>, how?: Change): Promise<CommandResult>
}

/** Opens a repository. Errors: `git-not-a-repository`, `git-config-unsafe`. */
export async function openRepository(host: HostV1, path: string, { network = false } = {}): Promise<Repository> {
  const looking: Looking = (args, cwd = path) =>
    host.exec.compute({
      program: 'git',
      args,
      cwd,
      mounts: [{ path, access: 'read' }],
      env: { ...environment(), GIT_OPTIONAL_LOCKS: '0' },
      limits: { output: OUTPUT },
    })

  const repository: Repository = {
    path,
    async look(...args) {
      const result = await looking(args)
      if (result.code !== 0) throw failed(args, result)
      return result.stdout
    },
    async maybe(...args) {
      const result = await looking(args)
      if (result.cut) throw failed(args, result)
      return result.code === 0 ? result.stdout : null
    },
    async standing() {
      const [branch, commit] = await Promise.all([
        repository.maybe('symbolic-ref', '--quiet', '--short', 'HEAD'),
        repository.maybe('rev-parse', '--quiet', '--verify', 'HEAD^{commit}'),
      ])
      return { branch: branch?.trim() ?? null, commit: commit?.trim() ?? null }
    },
    async resolve(name) {
      const found = await repository.maybe('rev-parse', '--quiet', '--verify', '--end-of-options', `${name}^{commit}`)
      if (found === null)
        throw new LifeOsError('git-name-unknown', `${path} has no branch, tag or commit ${name}; git.log and git.status show what it has.`)
      return found.trim()
    },
    async remote(name) {
      const url = await repository.maybe('config', '--local', '--get', `remote.${name}.url`)
      if (url === null) throw new LifeOsError('git-remote-unknown', `${path} has no remote ${name}; name one that it has.`)
      return remoteOf(name, url.trim())
    },
    async change(args, how = {}) {
      const result = await repository.attempt({ program: 'git', args }, how)
      if (result.code !== 0) throw failed(args, result)
      return result
    },
    attempt: (command, how = {}) => host.exec.run(commandOf(path, command, how)),
  }
  await assertUsable(repository, looking, network)
  return repository
}

type Looking = (args: string[], cwd?: string) => Promise<CommandResult>

async function assertUsable(repository: Repository, looking: Looking, network: boolean): Promise<void> {
  const nothing = () =>
    new LifeOsError(
      'git-not-a-repository',
      `${repository.path} is not the top folder of a git repository; name the folder that holds .git.`,
    )
  const own = `${repository.path.replace(/\/$/, '')}/.git`
  // Read as a file before anything else and from outside, so that what it includes is not.
  const listed = await looking(['config', '--file', `${own}/config`, '--no-includes', '--list', '--name-only', '-z'], '/work/files')
  if (listed.code !== 0) throw nothing()
  const keys = listed.stdout.split('\0').filter(Boolean)
  const unsafe = unsafeKeys(keys, network)
  if (unsafe.length === 0) {
    if ((await repository.maybe('rev-parse', '--absolute-git-dir'))?.trim() === own) return
    throw nothing()
  }
  throw new LifeOsError(
    'git-config-unsafe',
    `The configuration of ${repository.path} would start other programs or lead requests elsewhere (${unsafe.slice(0, 5).join(', ')}). Take these out of .git/config, or use git by hand there.`,
    { details: { keys: unsafe } },
  )
}

/** Errors: `git-address-invalid`. */
export function remoteOf(name: string, text: string): Remote {
  const url = URL.parse(text)
  if (!url || (url.protocol !== 'https:' && url.protocol !== 'http:') || url.username !== '' || url.password !== '')
    throw new LifeOsError(
      'git-address-invalid',
      `${JSON.stringify(text.slice(0, 200))} is not an address that can be used here; it must begin with https:// and carry no name or password. Name a secret instead.`,
    )
  return { name, url: url.href, place: `${url.hostname}:${url.port || (url.protocol === 'https:' ? '443' : '80')}` }
}

/** Asks for what reaching a remote takes, before anything is done. */
export async function requestRemote(host: HostV1, { place }: Remote, secret: string | undefined): Promise<void> {
  await host.request([{ kind: 'net', resource: place }, ...(secret === undefined ? [] : [{ kind: 'secret.use', resource: secret }])])
}

export function commandOf(path: string, command: Pick<Command, 'program' | 'args' | 'script'>, how: Change): Command {
  const { remote, secret, shows } = how
  const config = [...(how.config ?? []), ...(remote && secret !== undefined ? plainInside(remote) : [])]
  return {
    ...command,
    cwd: path,
    mounts: [{ path, access: 'write' }],
    env: environment({ ...how, config }),
    limits: { time: LONG, output: OUTPUT, memory: 1024 },
    ...(shows && { shows: shows[0] === 'sh' ? { program: 'sh', args: shows.slice(1) } : { program: 'git', args: shows } }),
    ...(remote && { network: [remote.place] }),
    ...(remote && secret !== undefined && { auth: [{ host: remote.place, secret, as: 'basic' as const }] }),
  }
}

/** Inside the box git speaks plain HTTP to the host, which speaks TLS outside and adds the secret there. */
function plainInside(remote: Remote): [string, string][] {
  const url = new URL(remote.url)
  if (url.protocol !== 'https:')
    throw new LifeOsError('git-address-invalid', `A secret is sent to ${url.host} over TLS alone; use its https:// address.`)
  return [[`url.http://${url.host}/.insteadOf`, `https://${url.host}/`]]
}

const SAID = 2000

export function failed(args: readonly string[], result: CommandResult): LifeOsError {
  const said = (result.stderr.trim() || result.stdout.trim()).slice(-SAID)
  const why = result.cut ? `was ended (${result.cut})` : `ended with ${result.code ?? result.signal}`
  return new LifeOsError('git-failed', `git ${args[0] ?? ''} ${why}: ${said || 'it said nothing.'}`, {
    class: 'operational',
    details: { code: result.code, said },
  })
}
