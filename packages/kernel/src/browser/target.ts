import { setTimeout as wait } from 'node:timers/promises'
import type { BrowserTarget } from '@life-os/plugin-sdk'
import type { Frame, Locator, Page } from 'playwright-core'
import { targetMissing } from './faults.ts'
import { within } from './within.ts'

/** Milliseconds that a page is given to show what is looked for. */
const PATIENCE = 5000
const STEP = 100
const NEAR = 8

/** Roles that `name` alone may mean, those that are pressed first. */
const ROLES = ['button', 'link', 'textbox', 'searchbox', 'checkbox', 'radio', 'combobox', 'menuitem', 'tab', 'option', 'switch'] as const
type Role = Parameters<Page['getByRole']>[0]

/**
 * The one element that is meant: by its `ref`, else by role and name, label, text, and CSS last; what is visible wins over
 * what is not. Waits while the page settles. Error: `browser-target`, with what is near.
 */
export async function findTarget(page: Page, target: BrowserTarget, signal: AbortSignal): Promise<Locator> {
  const until = Date.now() + PATIENCE
  for (;;) {
    for (const candidate of candidatesOf(page, target)) {
      const found = await onlyOne(candidate)
      if (found) return found
    }
    if (Date.now() > until) throw targetMissing(wordsOf(target), await nearTo(page, target))
    await wait(STEP, undefined, { signal })
  }
}

function* candidatesOf(page: Page, target: BrowserTarget): Generator<Locator> {
  if (target.ref !== undefined) yield page.getByRef(target.ref)
  for (const frame of page.frames()) yield* inFrame(frame, target)
}

function* inFrame(frame: Frame, { role, name, label, text, css }: BrowserTarget): Generator<Locator> {
  const exactly = [true, false]
  const known = role as Role | undefined // one that does not exist finds nothing
  if (known !== undefined && name !== undefined) for (const exact of exactly) yield frame.getByRole(known, { name, exact })
  if (role === undefined && name !== undefined)
    for (const exact of exactly) for (const one of ROLES) yield frame.getByRole(one, { name, exact })
  if (known !== undefined && name === undefined) yield frame.getByRole(known)
  if (label !== undefined) for (const exact of exactly) yield frame.getByLabel(label, { exact })
  if (label !== undefined) yield frame.getByPlaceholder(label)
  if (text !== undefined) for (const exact of exactly) yield frame.getByText(text, { exact })
  if (css !== undefined) yield frame.locator(css)
}

/** None for a role or CSS that does not exist, or a frame that went meanwhile. */
async function onlyOne(locator: Locator): Promise<Locator | null> {
  const count = await within(locator.count(), 0)
  if (count <= 1) return count === 1 ? locator : null
  const visible = locator.filter({ visible: true })
  return (await within(visible.count(), 0)) === 1 ? visible : null
}

/** As in: nothing is `button “Send”`. */
export function wordsOf({ ref, role, name, label, text, css }: BrowserTarget): string {
  const quoted = (value: string): string => `“${value.slice(0, 200)}”`
  if (name !== undefined) return `${role ?? 'element'} ${quoted(name)}`
  if (label !== undefined) return `field ${quoted(label)}`
  if (text !== undefined) return `text ${quoted(text)}`
  if (css !== undefined) return `element ${quoted(css)}`
  return ref === undefined ? (role ?? 'element') : `element ${ref}`
}

/** Elements that a person could have meant, as the accessibility tree names them; most alike first. */
async function nearTo(page: Page, target: BrowserTarget): Promise<string[]> {
  const tree = await page.ariaSnapshot({ timeout: 2000 }).catch(() => '')
  const wished = (target.name ?? target.label ?? target.text ?? target.css ?? target.role ?? '').toLowerCase()
  const lines = tree
    .split('\n')
    .flatMap(
      (line) =>
        /^\s*- ((?:button|link|textbox|searchbox|checkbox|radio|combobox|menuitem|tab|switch|spinbutton) "(?:[^"\\]|\\.){1,120}")/.exec(
          line,
        )?.[1] ?? [],
    )
  const ranked = [...new Set(lines)].map((line) => ({ line, alike: alikeness(line.toLowerCase(), wished) }))
  return ranked
    .toSorted((one, other) => other.alike - one.alike)
    .slice(0, NEAR)
    .map(({ line }) => line)
}

/** How many pairs of letters of the wish are in the line. */
function alikeness(line: string, wished: string): number {
  let found = 0
  for (let at = 0; at + 1 < wished.length; at += 1) if (line.includes(wished.slice(at, at + 2))) found += 1
  return found
}
