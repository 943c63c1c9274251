import { z } from 'zod'
import { LifeOsError, errorFromShape } from '@life-os/contract'
import { redactedError } from '../../secrets/index.ts'
import type { Redactor } from '../../secrets/types.ts'
import type { ContentBlobs } from '../fs/content.ts'
import type { Handlers } from '../fs/services.ts'
import type { Labelling } from '../labels/index.ts'
import { fault } from '../paths/faults.ts'
import { downloadOptions, fetchOptions } from './arguments.ts'
import { download } from './download.ts'
import { fetchUrl } from './fetch.ts'
import type { FetchContext } from './fetch.ts'

export interface NetServicesContext extends FetchContext {
  blobs: ContentBlobs
  /** Notes the labels of what comes. */
  labelling: Labelling
  home: string
  sleep(milliseconds: number, signal: AbortSignal): Promise<void>
}

const url = z.string().max(16_384)
const FetchArguments = z.tuple([url, fetchOptions.optional()])
const DownloadArguments = z.tuple([url, downloadOptions.optional()])

function parse<Schema extends z.ZodType>(schema: Schema, service: string, args: readonly unknown[]): z.output<Schema> {
  const parsed = schema.safeParse([args[0], args[1] ?? undefined, ...args.slice(2)])
  if (parsed.success) return parsed.data
  throw fault('arguments-invalid', `${service} was called wrongly: ${z.prettifyError(parsed.error)}`)
}

/** `net.*`: the same for real and in a preview, but for requests that change something out there. */
export function createNetServices(context: NetServicesContext): Handlers {
  const pause = (attempt: number, signal: AbortSignal): Promise<void> => context.sleep(Math.min(200 * 2 ** (attempt - 1), 5000), signal)
  return withCleanErrors(context.secrets.redactor, {
    'net.fetch': (args, signal) => {
      const [address, options] = parse(FetchArguments, 'net.fetch', args)
      return fetchUrl(context, address, options ?? {}, signal)
    },
    'net.download': async (args, signal) => {
      const [address, options] = parse(DownloadArguments, 'net.download', args)
      const { scope, lookup, secrets, blobs, home } = context
      const got = await download({ scope, lookup, secrets, blobs, home, pause }, address, options ?? {}, signal)
      await context.labelling.noteBlob(got.blob, got.size)
      return got
    },
  })
}

/** A parser's or a socket's own error may keep pieces of what came. */
const withoutCause = (error: unknown): unknown =>
  error instanceof LifeOsError && error.cause !== undefined ? errorFromShape(error.toShape()) : error

/** What a network or a server says in a failure may hold what it was told. */
function withCleanErrors(redactor: Redactor, handlers: Handlers): Handlers {
  return Object.fromEntries(
    Object.entries(handlers).map(([name, handler]) => [
      name,
      (args: readonly unknown[], signal: AbortSignal) =>
        handler(args, signal).catch((error: unknown) => {
          throw redactor.active ? withoutCause(redactedError(error, redactor)) : error
        }),
    ]),
  )
}
