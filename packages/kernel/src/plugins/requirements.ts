import { accessSync, constants } from 'node:fs'
import path from 'node:path'
import type { Manifest, Plugin } from '@life-os/contract'

/** What boxes have on their PATH (sandbox/types.ts). */
const PLACES = ['/usr/bin', '/bin']

/** Why a plugin cannot work here although it is in order itself: what it needs and is not there; null when nothing is missing. */
export function missingRequirement(manifest: Manifest, stateOf: (plugin: string) => Plugin['state'] | undefined): string | null {
  for (const id of manifest.requires?.plugins ?? []) {
    const state = stateOf(id)
    if (state === undefined) return `It needs the plugin ${id}, which is not installed. Install it, then enable this one.`
    if (state === 'disabled' || state === 'quarantined' || state === 'refused' || state === 'waiting')
      return `It needs the plugin ${id}, which is ${state}.`
  }
  const program = (manifest.requires?.programs ?? []).find((name) => !hasProgram(name))
  return program === undefined
    ? null
    : `It needs the program ${program}, which is not on this machine. Install it (on Debian and Ubuntu: apt-get install ${program}), then try again.`
}

const looked = new Map<string, { at: number; there: boolean }>()
const LOOK_AGAIN = 10_000 // milliseconds; asked for at every call

function hasProgram(name: string): boolean {
  const had = looked.get(name)
  if (had && performance.now() - had.at < LOOK_AGAIN) return had.there
  const there = isThere(name)
  looked.set(name, { at: performance.now(), there })
  return there
}

function isThere(name: string): boolean {
  if (!/^[\w.+-]+$/.test(name)) return false
  return PLACES.some((place) => {
    try {
      accessSync(path.join(place, name), constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}
