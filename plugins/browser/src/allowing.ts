import { LifeOsError } from '@life-os/plugin-sdk'
import type { HostV1 } from '@life-os/plugin-sdk'

/** A page that leads to another site is a question to the person; after a yes the call is made again. */
export async function allowing<Result>(host: HostV1, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    const origin = error instanceof LifeOsError && error.code === 'browser-origin' ? error.details?.['origin'] : undefined
    if (typeof origin !== 'string') throw error
    await host.request([{ kind: 'browser', resource: origin }])
    return work()
  }
}

/** Without what was left out. */
export const given = <Value extends object>(value: Value) =>
  Object.fromEntries(Object.entries(value).filter(([, part]) => part !== undefined)) as {
    [Key in keyof Value]: Exclude<Value[Key], undefined>
  } // every undefined is taken out

/** The page that is meant: an open one, or an address that is opened for it. A call that is made again finds the same page. */
export async function pageOf(host: HostV1, page: string): Promise<string> {
  return /#page-\d+$/.test(page) ? page : (await allowing(host, () => host.browser.open(page))).page
}
