import type { Agent } from '@life-os/contract'
import canonicalize from 'canonicalize'
import semver from 'semver'

/** An agent without its version, as text that is equal exactly when two agents do the same. */
export function contentOf({ version: _version, ...content }: Agent): string {
  return canonicalize(content) ?? ''
}

/** The given version where it is higher than every one before, else the next patch after the newest. */
export function raised(given: string, before: readonly string[]): string {
  const newest = semver.maxSatisfying([...before], '*')
  if (newest === null || semver.gt(given, newest)) return given
  return semver.inc(newest, 'patch') ?? given
}
