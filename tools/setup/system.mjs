// What only the tests need from the system: a browser, a sandbox and a database. On Debian as root it is installed; elsewhere it is named.
import { spawnSync } from 'node:child_process'
import { accessSync, constants, existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { say, secondsSince, SetupError } from './say.mjs'

/** @typedef {{ name: string, packages: string[], use: string, isHere: () => boolean }} Need */

const PYTHON_HAS_ALL = 'import importlib.util as u, sys; sys.exit(not all(map(u.find_spec, ["numpy", "pandas", "matplotlib"])))'

/** @type {Need[]} */
const needs = [
  {
    name: 'Chromium',
    packages: ['chromium', 'fonts-liberation'],
    use: 'the tests in a browser',
    isHere: () => isOnPath('chromium', 'chromium-browser', 'google-chrome'),
  },
  {
    name: 'bubblewrap',
    packages: ['bubblewrap'],
    use: 'the tests of the sandbox',
    isHere: () => process.platform !== 'linux' || isOnPath('bwrap'),
  },
  {
    name: 'PostgreSQL',
    packages: ['postgresql'],
    use: 'the store and run tests on PostgreSQL',
    isHere: () => isOnPath('postgres') || debianPostgres() !== undefined,
  },
  // Boxes show /usr alone: what lies elsewhere on PATH does not count.
  {
    name: 'Python with NumPy, pandas and Matplotlib',
    packages: ['python3', 'python3-numpy', 'python3-pandas', 'python3-matplotlib'],
    use: 'the tests of the code plugin and of the escapes',
    isHere: () =>
      process.platform !== 'linux' ||
      (isExecutable('/usr/bin/python3') && spawnSync('/usr/bin/python3', ['-I', '-c', PYTHON_HAS_ALL]).status === 0),
  },
  {
    name: 'Git',
    packages: ['git'],
    use: 'the tests of the git plugin',
    isHere: () => process.platform !== 'linux' || isExecutable('/usr/bin/git'),
  },
  {
    name: 'a keychain',
    packages: ['dbus', 'gnome-keyring', 'libsecret-tools'],
    use: 'the test of the keychain',
    isHere: () =>
      process.platform !== 'linux' || ['dbus-run-session', 'gnome-keyring-daemon', 'secret-tool'].every((program) => isOnPath(program)),
  },
]

/** Installs what is missing where it may; otherwise says exactly what is missing, and the tests that need it are skipped with that reason. */
export function provideTestNeeds() {
  const missing = needs.filter((need) => !need.isHere())
  if (missing.length === 0) return
  if (canInstall()) return install(missing)
  const family = isDebian() ? `as root: apt-get install ${packagesOf(missing).join(' ')}` : 'with the package manager of this system'
  for (const { name, use } of missing) say(`Missing: ${name}, for ${use}; install it ${family}.`)
}

/** @param {Need[]} missing */
function install(missing) {
  const started = Date.now()
  const names = missing.map((need) => need.name).join(', ')
  say(`Installing ${names} for the tests …`)
  apt(['update'])
  apt(['install', '--no-install-recommends', ...packagesOf(missing)])
  const still = missing.filter((need) => !need.isHere())
  if (still.length > 0)
    throw new SetupError(
      `apt-get ended well but ${still[0]?.name} is not there: install ${packagesOf(still).join(' ')} by hand, then run npm test again.`,
    )
  say(`${names}: installed (${secondsSince(started)}).`)
}

/** @param {string[]} args */
function apt(args) {
  const command = ['-qq', '-y', '-o', 'DPkg::Lock::Timeout=300', '-o', 'Acquire::Retries=3', ...args]
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' }
  const { status, stdout, stderr } = spawnSync('apt-get', command, {
    encoding: 'utf8',
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 64 * 1024 * 1024,
  })
  if (status === 0) return
  const reason = [...stdout.split('\n'), ...stderr.split('\n')].filter((line) => line.startsWith('E:')).at(0) ?? `exit code ${status}`
  throw new SetupError(
    `apt-get ${args[0]} failed (${reason}): connect to the package mirror or install ${packagesOf(needs).join(' ')} by hand, then run npm test again.`,
  )
}

/** @param {Need[]} list */
function packagesOf(list) {
  return list.flatMap((need) => need.packages)
}

export function canInstall() {
  return process.getuid?.() === 0 && isDebian() && isOnPath('apt-get')
}

function isDebian() {
  try {
    return /^ID(_LIKE)?=.*\b(debian|ubuntu)\b/m.test(readFileSync('/etc/os-release', 'utf8'))
  } catch {
    return false
  }
}

/** Debian keeps the server's programs outside PATH, one folder a version. */
function debianPostgres() {
  const folder = '/usr/lib/postgresql'
  if (!existsSync(folder)) return undefined
  return readdirSync(folder).find((version) => existsSync(path.join(folder, version, 'bin', 'postgres')))
}

/** @param {string[]} names */
function isOnPath(...names) {
  const folders = (process.env['PATH'] ?? '').split(path.delimiter)
  return names.some((name) => folders.some((folder) => isExecutable(path.join(folder, name))))
}

/** @param {string} file */
function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}
