import { LifeOsError } from '@life-os/contract'

const operational = { class: 'operational', applied: 'no' } as const

export const sandboxMissing = (reason: string | null, mend: string | null) =>
  new LifeOsError(
    'sandbox-missing',
    `Commands are shut in boxes, and this machine has none: ${reason ?? 'the reason is not known'}${mend === null ? '' : `. To mend it: ${mend}`}`,
    operational,
  )

export const programMissing = (program: string) =>
  new LifeOsError('program-missing', `There is no program ${program} in the box: install it on this machine, or name another.`, {
    ...operational,
    details: { program },
  })

export const mountMissing = (from: string, why: string) =>
  new LifeOsError('mount-missing', `${from} cannot be shown to the command: ${why}.`, { class: 'user', applied: 'no', details: { from } })

export const boxFailed = (why: string) =>
  new LifeOsError('box-failed', `The box could not be set up: ${why.trim().slice(0, 2000) || 'it said nothing'}`, operational)
