import type { Foreseen } from '../../browser/index.ts'
import type { Action } from '../../browser/index.ts'
import type { ChangeOf } from '../fs/changes.ts'

const LINE = 120

export interface ActParts {
  url: string
  title: string
  action: Action
  foreseen: Foreseen
  screenshot: string | undefined
}

/** What a person approves: what is pressed where, and what the page would send with it. */
export function actChange({ url, title, action, foreseen, screenshot }: ActParts): ChangeOf<'page-act'> {
  const { form, fields, words } = foreseen
  const filled = fields.filter(({ kind, value, secret }) => kind !== 'hidden' && (value !== '' || secret !== undefined)).length
  const to =
    form && form.method !== 'GET'
      ? `, which sends ${filled === 1 ? 'a field' : `${filled} fields`} to ${originOf(form.url)}`
      : ` on ${originOf(url)}`
  return {
    kind: 'page-act',
    url,
    title: title.slice(0, 300),
    action: action.kind,
    target: words,
    ...(form && { form }),
    fields,
    ...(screenshot !== undefined && { screenshot }),
    summary: lineOf(`${action.kind === 'click' ? 'Click' : 'Press'} ${words}${to}`),
    reversal: 'none',
  }
}

export function sessionChange(url: string, title: string, session: string): ChangeOf<'page-act'> {
  return {
    kind: 'page-act',
    url,
    title: title.slice(0, 300),
    action: 'save-session',
    target: session,
    fields: [],
    summary: lineOf(`Keep the signed-in session of ${originOf(url)} as the secret ${session}`),
    reversal: 'none',
  }
}

const originOf = (address: string): string => URL.parse(address)?.origin ?? address
const lineOf = (text: string): string => {
  const flat = text.replace(/\s+/g, ' ')
  return flat.length > LINE * 2 ? `${flat.slice(0, LINE * 2 - 1)}…` : flat
}
