import type { Backend } from './backend/backend.ts'
import type { Paint } from './output/colour.ts'
import type { Exit } from './output/exit.ts'
import type { Io } from './output/io.ts'

/** What every command is given. */
export interface Session {
  io: Io
  paint: Paint
  home: string
  /** Connects once; later calls answer the same. */
  backend(): Promise<Backend>
  /** Calls back on Ctrl-C instead of ending; the second one ends at once. */
  onInterrupt(handler: () => void): Disposable
}
export type Command<Options = object> = (session: Session, options: Options) => Promise<Exit>
