import { LifeOsError } from '@life-os/contract'
import { fault } from '../paths/faults.ts'

/** Why a request of a command is not passed on, as one sentence for whoever reads the program's error. */
export function sentenceOf(error: unknown): string {
  if (error instanceof LifeOsError) return `Life-OS: ${error.message}`
  return 'Life-OS: the request could not be passed on.'
}

/** 403 for what was not allowed, 502 for what could not be reached. */
export const statusOf = (error: unknown): 403 | 502 => (error instanceof LifeOsError && error.class !== 'operational' ? 403 : 502)

export const notAllowed = (place: string) =>
  fault('address-not-allowed', `${place} is not among the places this command may reach.`, { details: { permission: `net:${place}` } })
