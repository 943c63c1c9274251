/** How a file differs. */
export type FileState = 'added' | 'changed' | 'removed' | 'renamed' | 'copied' | 'retyped' | 'conflict' | 'untracked' | 'same'
export interface Status {
  branch: string | null
  commit: string | null
  upstream: string | null
  ahead: number
  behind: number
  clean: boolean
  files: { path: string; from: string | null; staged: FileState; working: FileState }[]
}

const STATES: Record<string, FileState> = {
  A: 'added',
  M: 'changed',
  D: 'removed',
  R: 'renamed',
  C: 'copied',
  T: 'retyped',
  U: 'conflict',
  '?': 'untracked',
  '.': 'same',
}
const stateOf = (letter: string | undefined): FileState => STATES[letter ?? '.'] ?? 'changed'

/** Reads `git status --porcelain=v2 --branch -z` (git-status(1), "Porcelain Format Version 2"). */
export function parseStatus(text: string): Status {
  const status: Status = { branch: null, commit: null, upstream: null, ahead: 0, behind: 0, clean: true, files: [] }
  const parts = text.split('\0')
  for (let at = 0; at < parts.length; at += 1) {
    const line = parts[at] ?? ''
    if (line.startsWith('# ')) readHeader(status, line.slice(2))
    else if (line.startsWith('1 ')) addFile(status, line, line.split(' ').slice(8).join(' '), null)
    else if (line.startsWith('2 ')) addFile(status, line, line.split(' ').slice(9).join(' '), parts[(at += 1)] ?? null)
    else if (line.startsWith('u '))
      status.files.push({ path: line.split(' ').slice(10).join(' '), from: null, staged: 'conflict', working: 'conflict' })
    else if (line.startsWith('? ')) status.files.push({ path: line.slice(2), from: null, staged: 'same', working: 'untracked' })
  }
  return { ...status, clean: status.files.length === 0 }
}

function addFile(status: Status, line: string, path: string, from: string | null): void {
  status.files.push({ path, from, staged: stateOf(line[2]), working: stateOf(line[3]) })
}

function readHeader(status: Status, line: string): void {
  const [name, first = '', second = ''] = line.split(' ')
  if (name === 'branch.oid' && first !== '(initial)') status.commit = first
  if (name === 'branch.head' && first !== '(detached)') status.branch = first
  if (name === 'branch.upstream') status.upstream = first
  if (name === 'branch.ab') [status.ahead, status.behind] = [Number(first.slice(1)), Number(second.slice(1))]
}
