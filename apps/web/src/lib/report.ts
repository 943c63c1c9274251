import { toast } from 'sonner'
import { requestError } from './api.ts'

/** Says in a corner that something failed, with what to do. */
export function reportFailure(thrown: unknown): void {
  const error = requestError(thrown)
  toast.error(error.message, { id: `${error.code}:${error.message}` })
}
/** Says that something is done; `back` takes it back while the words stand. */
export function reportDone(message: string, back?: { name: string; perform: () => void }): void {
  toast.success(message, back ? { duration: 10_000, action: { label: back.name, onClick: back.perform } } : {})
}
