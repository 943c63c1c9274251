import { toast } from 'sonner'
import { requestError } from './api.ts'

/** Says in a corner that something failed, with what to do. */
export function reportFailure(thrown: unknown): void {
  const error = requestError(thrown)
  toast.error(error.message, { id: `${error.code}:${error.message}` })
}
export const reportDone = (message: string): void => void toast.success(message)
