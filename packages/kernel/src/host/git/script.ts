/** Nothing of this machine's or the repository's configuration counts: no hooks, no filters, no helpers, one protocol. */
function settingsFor(protocol: string): [string, string][] {
  return [
    ['core.hooksPath', '/dev/null'],
    ['core.symlinks', 'false'],
    ['core.fsmonitor', 'false'],
    ['core.protectNTFS', 'true'],
    ['core.protectHFS', 'true'],
    ['credential.helper', ''],
    ['protocol.allow', 'never'],
    [`protocol.${protocol}.allow`, 'always'],
    ['submodule.recurse', 'false'],
    ['gc.auto', '0'],
    ['advice.detachedHead', 'false'],
    ['pack.threads', '1'],
  ]
}

export interface GitSetting {
  protocol: string
  /** Whether a proxy holds redirects to the one place; without it they are not followed. */
  held: boolean
  /** Files inside the box. */
  configuration?: string
  authorities?: string
}

export function environmentFor({ protocol, held, configuration = '/dev/null', authorities }: GitSetting): Record<string, string> {
  const settings = [...settingsFor(protocol), ['http.followRedirects', held ? 'initial' : 'false']]
  return {
    LC_ALL: 'C',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: configuration,
    GIT_TERMINAL_PROMPT: '0',
    GIT_ASKPASS: '/bin/false',
    GIT_ALLOW_PROTOCOL: protocol,
    GIT_ATTR_NOSYSTEM: '1',
    ...(authorities !== undefined && { GIT_SSL_CAINFO: authorities }),
    GIT_CONFIG_COUNT: String(settings.length),
    ...Object.fromEntries(
      settings.flatMap(([key, value], at) => [
        [`GIT_CONFIG_KEY_${at}`, key ?? ''],
        [`GIT_CONFIG_VALUE_${at}`, value ?? ''],
      ]),
    ),
  }
}

/** MiB that one file of git's may grow to, and all of them together in a box. */
export const ROOM = 320

/**
 * `$1`: the address, `$2`: a branch, tag or HEAD. Fetches one commit without history, submodules or hooks, and writes its
 * name, a new line and its files as a tar archive.
 */
export const FETCH = `set -eu
ulimit -f ${ROOM * 2048}
command -v git >/dev/null || { echo 'git is not installed; install it with: apt-get install git' >&2; exit 1; }
mkdir tree
export GIT_DIR="$PWD/git" GIT_WORK_TREE="$PWD/tree"
git init --quiet --template= --initial-branch=fetched
git fetch --quiet --depth=1 --no-tags --no-recurse-submodules --no-write-fetch-head -- "$1" "$2:refs/heads/taken"
git checkout --quiet --force refs/heads/taken
git rev-parse HEAD
exec tar -C tree --create --file=- .
`
