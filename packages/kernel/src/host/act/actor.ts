import type { Actor, Intent } from '../fs/intent.ts'
import type { ActContext } from './effect.ts'
import { copy } from './copy.ts'
import { makeFolder, removeFolder } from './folder.ts'
import { move } from './move.ts'
import { remove, untrash } from './remove.ts'
import { exchange, write } from './write.ts'

/** Performs intents on the disk, each as one announced effect. */
export function createActor(context: ActContext): Actor {
  return { perform: (intent) => perform(context, intent) }
}

function perform(context: ActContext, intent: Intent): Promise<void> {
  switch (intent.do) {
    case 'make-folder':
      return makeFolder(context, intent)
    case 'move':
      return move(context, intent.change)
    case 'copy':
      return copy(context, intent.change)
    case 'write':
      return write(context, intent)
    case 'remove':
      return remove(context, intent.change)
    case 'remove-folder':
      return removeFolder(context, intent.change)
    case 'untrash':
      return untrash(context, intent)
    case 'exchange':
      return exchange(context, intent)
  }
}
