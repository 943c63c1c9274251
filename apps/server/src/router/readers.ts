import { LifeOsError } from '@life-os/contract'
import type { Identity } from '@life-os/kernel/auth'
import type { RunReaders } from '@life-os/kernel/threads'

/** Refuses a run of another person's conversation like one that is not there. Error: `run-unknown`. */
export async function checkReader(readers: RunReaders, run: string, { person }: Identity): Promise<void> {
  if (await readers.mayRead(run, person.id)) return
  throw new LifeOsError('run-unknown', `There is no run ${run}. See \`lifeos runs\` or the Runs page.`)
}

/** Refuses bytes that only others' conversations keep like bytes that are not there. Error: `blob-missing`. */
export async function checkBlobReader(readers: RunReaders, hash: string, { person }: Identity): Promise<void> {
  if (await readers.mayReadBlob(hash, person.id)) return
  throw new LifeOsError('blob-missing', `There is no blob ${hash.slice(0, 16)}….`)
}
