/** Given to git on top of a repository's own configuration: nothing but git itself is started, nothing is asked. */
const ALWAYS: readonly (readonly [string, string])[] = [
  ['safe.directory', '*'],
  ['core.hooksPath', '/dev/null'],
  ['core.fsmonitor', 'false'],
  ['core.untrackedCache', 'false'],
  ['core.protectNTFS', 'true'],
  ['core.protectHFS', 'true'],
  ['core.editor', 'true'],
  ['core.pager', 'cat'],
  ['core.askPass', ''],
  ['credential.helper', ''],
  ['protocol.allow', 'never'],
  ['protocol.http.allow', 'always'],
  ['protocol.https.allow', 'always'],
  ['submodule.recurse', 'false'],
  ['fetch.recurseSubmodules', 'false'],
  ['commit.gpgSign', 'false'],
  ['tag.gpgSign', 'false'],
  ['push.gpgSign', 'false'],
  ['merge.verifySignatures', 'false'],
  ['rebase.autoStash', 'false'],
  ['rebase.updateRefs', 'false'],
  ['gc.auto', '0'],
  ['maintenance.auto', 'false'],
  ['transfer.fsckObjects', 'true'],
  ['advice.detachedHead', 'false'],
  ['init.defaultBranch', 'main'],
  ['http.followRedirects', 'initial'],
]

export interface GitEnvironment {
  /** Beyond those of every command; later ones win. */
  config?: readonly (readonly [string, string])[]
  /** What the reflog says of the moves of this command. */
  reflog?: string
  author?: { name: string; email: string }
}

/** The environment of every git command: no system or personal configuration, no question, our configuration on top. */
export function environment({ config = [], reflog, author }: GitEnvironment = {}): Record<string, string> {
  const pairs = [...ALWAYS, ...config]
  return {
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_ATTR_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
    GIT_SSH_COMMAND: 'false',
    GIT_EDITOR: 'true',
    GIT_PAGER: 'cat',
    LC_ALL: 'C.UTF-8',
    ...(reflog !== undefined && { GIT_REFLOG_ACTION: reflog }),
    ...(author && {
      GIT_AUTHOR_NAME: author.name,
      GIT_AUTHOR_EMAIL: author.email,
      GIT_COMMITTER_NAME: author.name,
      GIT_COMMITTER_EMAIL: author.email,
    }),
    GIT_CONFIG_COUNT: String(pairs.length),
    ...Object.fromEntries(
      pairs.flatMap(([key, value], at) => [
        [`GIT_CONFIG_KEY_${at}`, key],
        [`GIT_CONFIG_VALUE_${at}`, value],
      ]),
    ),
  }
}

/** Keys with which a repository's own configuration starts programs or reads other configuration. */
const STARTS = [
  /^include\.path$/,
  /^includeif\..*\.path$/,
  /^core\.(sshcommand|gitproxy|worktree|attributesfile|alternaterefscommand)$/,
  /^extensions\.(worktreeconfig|partialclone)$/,
  /^filter\..*\.(clean|smudge|process)$/,
  /^diff\.external$/,
  /^diff\..*\.(command|textconv)$/,
  /^merge\..*\.driver$/,
  /^gpg\..*$/,
  /^trailer\..*\.(command|cmd)$/,
]
/** Keys that lead a request elsewhere or loosen how it is made. */
const LEADS = [
  /^url\..*/,
  /^https?\..*/,
  /^protocol\..*/,
  /^credential\..*/,
  /^remote\..*\.(proxy|proxyauthmethod|uploadpack|receivepack|vcs|promisor)$/,
]

/** The keys for which this configuration is not used as it is. Keys are compared as git prints them, section and name in small letters. */
export function unsafeKeys(keys: readonly string[], network: boolean): string[] {
  const patterns = network ? [...STARTS, ...LEADS] : STARTS
  return [...new Set(keys.filter((key) => patterns.some((pattern) => pattern.test(key.toLowerCase()))))]
}
