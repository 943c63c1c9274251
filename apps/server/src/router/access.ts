import type { Contract, Scope } from '@life-os/contract'

/** `anyone`: without signing in. `person`: any signed-in person, but no token. Otherwise a scope of the caller's. */
export type Need = Scope | 'anyone' | 'person'
type Access = { [Area in keyof Contract]: { [Verb in keyof Contract[Area]]: Need } }

/** Who may call what. The type makes an entry missing here a compile error. */
export const ACCESS: Access = {
  plans: { list: 'read', get: 'read', versions: 'read', save: 'run', remove: 'run', check: 'read', statistics: 'read' },
  runs: {
    list: 'read',
    get: 'read',
    plan: 'read',
    steps: 'read',
    journal: 'read',
    effects: 'read',
    changes: 'read',
    outputs: 'read',
    preview: 'run',
    start: 'run',
    cancel: 'run',
    pause: 'run',
    resume: 'run',
    retry: 'run',
    undoPreview: 'run',
    undo: 'approve',
    stopAll: 'run',
    liftStop: 'admin',
  },
  approvals: { list: 'read', get: 'read', answer: 'approve', untick: 'approve', edit: 'approve' },
  grants: { list: 'read', add: 'admin', revoke: 'admin' },
  audit: { list: 'admin', verify: 'admin' },
  tools: { list: 'read' },
  plugins: { list: 'read', get: 'read', enable: 'admin', disable: 'admin' },
  settings: { get: 'read', set: 'admin' },
  people: {
    me: 'read',
    signIn: 'anyone',
    signOut: 'person',
    setPassphrase: 'person',
    list: 'admin',
    add: 'admin',
    link: 'admin',
    remove: 'admin',
    tokens: 'person',
    addToken: 'person',
    removeToken: 'person',
  },
  system: { health: 'read', folders: 'run', sample: 'run', trash: 'read', emptyTrash: 'admin', restoreTrash: 'approve' },
}
