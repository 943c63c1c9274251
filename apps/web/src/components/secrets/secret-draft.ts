import type { NewSecret, Secret, SecretKind } from '@life-os/contract'

/** A secret as it stands in its form. Nothing of it is kept once it was sent. */
export interface SecretDraft {
  name: string
  title: string
  kind: SecretKind
  value: string
  /** One `host:port` a line. */
  hosts: string
  user: string
  tokenUrl: string
  clientId: string
  clientSecret: string
  scope: string
}
export type DraftFaults = Partial<Record<keyof SecretDraft, string>>

export const KIND_WORDS: Record<SecretKind, { name: string; value: string; help: string }> = {
  token: { name: 'Token', value: 'Token', help: 'One text that goes along with a request, for example an API key.' },
  basic: { name: 'Name and password', value: 'Password', help: 'What a site asks for when it wants a user and a password.' },
  oauth2: { name: 'OAuth 2', value: 'Refresh token', help: 'Life-OS fetches short-lived access with it by itself.' },
}

export const firstDraft = (given: Partial<SecretDraft>, known?: Secret): SecretDraft => ({
  name: known?.name ?? '',
  title: known?.title ?? '',
  kind: known?.kind ?? 'token',
  value: '',
  hosts: known?.hosts.join('\n') ?? '',
  user: known?.user ?? '',
  tokenUrl: '',
  clientId: '',
  clientSecret: '',
  scope: '',
  ...given,
})

/** `api.example.org` gets the port of HTTPS; an address is cut to its host and port. */
export function hostOf(line: string): string {
  const words = line.trim().toLowerCase()
  if (URL.canParse(words) && /^https?:\/\//.test(words)) {
    const { hostname, port, protocol } = new URL(words)
    return `${hostname}:${port || (protocol === 'http:' ? '80' : '443')}`
  }
  return /:\d+$/.test(words) ? words : `${words}:443`
}
export const hostsOf = (text: string): string[] => [
  ...new Set(
    text
      .split(/[\n,]/)
      .filter((line) => line.trim() !== '')
      .map(hostOf),
  ),
]
const HOST = /^(\*\.)?[a-z0-9_-]+(\.[a-z0-9_-]+)*:\d{1,5}$/

/** What is wrong with a draft, by field, each with how to mend it. */
export function draftFaults(draft: SecretDraft): DraftFaults {
  const faults: DraftFaults = {}
  if (draft.name === '') faults.name = 'Give it a name.'
  else if (!/^[a-z][a-z0-9-]{0,62}$/.test(draft.name)) faults.name = 'Use small letters, digits and hyphens, beginning with a letter.'
  if (draft.value === '') faults.value = `Paste the ${KIND_WORDS[draft.kind].value.toLowerCase()}.`
  const wrong = hostsOf(draft.hosts).find((host) => !HOST.test(host))
  if (wrong !== undefined) faults.hosts = `“${wrong}” is no host. Write for example api.example.org or *.example.org:8443.`
  else if (hostsOf(draft.hosts).length === 0) faults.hosts = 'Name at least one host; it is never sent to any other.'
  if (draft.kind === 'basic' && draft.user === '') faults.user = 'Write the user’s name.'
  if (draft.kind === 'oauth2') {
    if (!URL.canParse(draft.tokenUrl)) faults.tokenUrl = 'Write the whole address, beginning with https://.'
    if (draft.clientId === '') faults.clientId = 'Write the client’s id.'
  }
  return faults
}

/** What is sent to keep it. */
export function secretOf(draft: SecretDraft): NewSecret {
  return {
    name: draft.name,
    title: draft.title.trim(),
    kind: draft.kind,
    value: draft.value,
    hosts: hostsOf(draft.hosts),
    ...(draft.kind === 'basic' && { user: draft.user }),
    ...(draft.kind === 'oauth2' && {
      oauth: {
        tokenUrl: draft.tokenUrl,
        clientId: draft.clientId,
        ...(draft.clientSecret && { clientSecret: draft.clientSecret }),
        ...(draft.scope && { scope: draft.scope }),
      },
    }),
  }
}
