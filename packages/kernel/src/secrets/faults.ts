import { LifeOsError } from '@life-os/contract'

export const secretMissing = (name: string): LifeOsError =>
  new LifeOsError('secret-missing', `There is no secret ${name} yet. Set it in Settings, or run: lifeos secrets set ${name}`, {
    applied: 'no',
    details: { secret: name },
  })
export const secretElsewhere = (name: string, place: string): LifeOsError =>
  new LifeOsError(
    'secret-elsewhere',
    `The secret ${name} is not meant for ${place}. Add that place to the secret if you trust it with it.`,
    {
      applied: 'no',
      details: { secret: name, place },
    },
  )
export const secretUnreadable = (name: string, place: string): LifeOsError =>
  new LifeOsError(
    'secret-unreadable',
    `The secret ${name} cannot be opened with the key in ${place}: the key was lost, or the secret was changed from outside. Set the secret again, or bring the key back.`,
    { class: 'operational', applied: 'no', details: { secret: name } },
  )
export const refreshFailed = (name: string, why: string, options: { mendable: boolean; cause?: unknown }): LifeOsError =>
  new LifeOsError(
    'secret-refresh-failed',
    options.mendable
      ? `The secret ${name} was not accepted: ${why}. Sign in at that service again and set the secret anew.`
      : `The secret ${name} could not be refreshed: ${why}. Try again later.`,
    { class: options.mendable ? 'user' : 'operational', applied: 'no', details: { secret: name }, cause: options.cause },
  )
