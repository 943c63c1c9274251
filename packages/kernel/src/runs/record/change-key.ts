import type { Change } from '@life-os/contract'

/**
 * What makes two changes the same to a person who approved one: everything a change would do, without its wording.
 * A changed size or diff wording alone is no drift; other bytes to be written are.
 */
export function changeKey(change: Change): string {
  switch (change.kind) {
    case 'file-move':
    case 'file-copy':
      return JSON.stringify([change.kind, change.from, change.to])
    case 'file-write':
      return JSON.stringify([change.kind, change.path, change.hash ?? null, change.before ?? null])
    case 'file-remove':
    case 'folder-make':
      return JSON.stringify([change.kind, change.path])
    case 'request-send':
      return JSON.stringify([change.kind, change.method, change.url, change.body ?? null, change.secret ?? null])
    case 'command-run':
      return JSON.stringify([
        change.kind,
        change.program,
        change.args,
        change.script ?? null,
        change.stdin ?? null,
        change.cwd ?? null,
        Object.entries(change.env ?? {}).toSorted(),
        change.mounts,
        change.network,
        change.secrets,
        change.sandboxed,
      ])
    case 'page-act':
      return JSON.stringify([
        change.kind,
        change.url,
        change.action,
        change.target,
        change.form ? [change.form.method, change.form.url] : null,
        change.fields.map((field) => [field.name, field.kind, field.value, field.secret ?? null]),
      ])
    case 'effect-restore':
      return JSON.stringify([change.kind, change.effect])
  }
}

/**
 * Whether what is about to happen is what was approved: the same change, and of a file that nobody touched since. A file
 * that was only predicted when it was approved had no time yet.
 */
export function isApproved(approved: Change, actual: Change): boolean {
  if (changeKey(approved) !== changeKey(actual)) return false
  if (approved.modified === undefined || actual.modified === undefined) return true
  return approved.bytes === actual.bytes && Math.abs(approved.modified - actual.modified) < 1
}

/** The place a change is grouped and searched by. */
export function placeOf(change: Change): string {
  switch (change.kind) {
    case 'file-move':
    case 'file-copy':
      return change.from
    case 'request-send':
    case 'page-act':
      return change.url
    case 'command-run':
      return change.cwd ?? change.program
    case 'effect-restore':
      return change.effect
    default:
      return change.path
  }
}

/** Paths that differ after the change. */
export function touchedBy(change: Change): string[] {
  switch (change.kind) {
    case 'file-move':
      return [change.from, change.to]
    case 'file-copy':
      return [change.to]
    case 'command-run':
      return change.mounts.filter((mount) => mount.access === 'write').map((mount) => mount.path)
    case 'request-send':
    case 'page-act':
    case 'effect-restore':
      return []
    default:
      return [change.path]
  }
}

/** Places that a person saw in approved changes, with the labels of what goes there: see CallScope's `privateTo`. */
export function placesOf(changes: readonly Change[]): string[] {
  return changes.flatMap((change) => {
    if (change.kind === 'request-send') return hostsOf(change.url)
    if (change.kind === 'command-run') return change.network
    if (change.kind === 'page-act') return [...hostsOf(change.url), ...hostsOf(change.form?.url ?? '')]
    return 'to' in change ? [change.to] : 'path' in change ? [change.path] : []
  })
}

function hostsOf(text: string): string[] {
  const url = URL.parse(text)
  return url ? [`${url.hostname}:${url.port || (url.protocol === 'https:' ? '443' : '80')}`] : []
}
