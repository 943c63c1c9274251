import { LifeOsError } from '@life-os/contract'
import type { Applied } from '@life-os/contract'

const fault = (code: string, message: string, applied: Applied = 'no', details?: Record<string, unknown>) =>
  new LifeOsError(code, message, { class: 'operational', applied, ...(details && { details }) })

export const pageGone = (handle: string) =>
  fault(
    'browser-page-gone',
    `The page ${handle} is not open any more: pages end with their run, after a while without use, and with the server. Open it again with browser.open.`,
  )

export const originRefused = (origin: string, applied: Applied = 'no') =>
  new LifeOsError(
    'browser-origin',
    `The page leads to ${origin}, which was not allowed for this call. Allow browser:${origin} if you mean it.`,
    {
      applied,
      details: { origin, permission: `browser:${origin}` },
    },
  )

export const held = () =>
  fault(
    'browser-held',
    'A form is filled in and waits to be sent, so this browser has no network. Press its button, or close that page first.',
  )

export const crashed = (applied: Applied) =>
  fault('browser-crashed', 'The browser ended in the middle of this. Open the page again; a fresh one is started.', applied)

export const timedOut = (what: string, seconds: number, applied: Applied = 'no') =>
  fault(
    'browser-timeout',
    `${what} took longer than ${seconds} seconds. The site is slow, or never ends loading; try again later.`,
    applied,
  )

export const tooMany = (most: number) =>
  fault('browser-busy', `${most} browsers are in use already. Wait until one of their runs has ended.`)

export const notReached = (url: string, reason: string) =>
  fault('browser-unreachable', `${url} could not be opened: ${reason}. Check the address and the network.`)

export const targetMissing = (wished: string, near: readonly string[]) =>
  fault(
    'browser-target',
    near.length === 0
      ? `Nothing on the page is ${wished}. Read the page first to see what is on it.`
      : `Nothing on the page is exactly one ${wished}. Near it are: ${near.join('; ')}.`,
    'no',
    { near },
  )

export const formDrifted = () =>
  new LifeOsError(
    'browser-form-changed',
    'When its button was pressed, the page wanted to send something else than was shown. It was stopped.',
    {
      applied: 'no',
    },
  )

export const secretFieldGone = (secret: string) =>
  fault(
    'browser-form-changed',
    `The field for the secret ${secret} is not on the page any more, so nothing was sent. Fill in the form again.`,
  )
