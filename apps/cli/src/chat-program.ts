import { Option } from 'commander'
import type { Command as Program } from 'commander'
import type { AskOptions } from './commands/ask.ts'
import type { Exit } from './output/exit.ts'
import { whole } from './output/whole.ts'
import type { Session } from './session.ts'

const list = (value: string, before: string[] = []): string[] => [...before, value]

/** Asking, talking, and what was said. */
export function addChat(program: Program, session: () => Session, done: (work: Promise<Exit | undefined>) => Promise<void>): void {
  program
    .command('ask')
    .argument('<question>')
    .description('ask something and read the answer')
    .option('-f, --file <path>', 'a file or folder that goes with it; repeat for more', list)
    .option('--agent <id>', 'who answers')
    .option('--model <model>', 'provider/model or an alias')
    .option('--thread <id>', 'go on with this conversation')
    .addOption(new Option('--mode <mode>', 'default as in Settings').choices(['observe', 'draft', 'autopilot']))
    .action(async (question: string, options: Omit<AskOptions, 'question'>) =>
      done((await import('./commands/ask.ts')).ask(session(), { ...options, question })),
    )
  program
    .command('chat')
    .argument('[thread]')
    .description('a conversation on the terminal, or one line a message from a pipe')
    .option('--agent <id>', 'who answers')
    .option('--model <model>', 'provider/model or an alias')
    .action(async (thread: string | undefined, options: { agent?: string; model?: string }) =>
      done((await import('./commands/chat.ts')).chat(session(), { ...options, ...(thread !== undefined && { thread }) })),
    )
  addThreads(program, session, done)
}

const addThreads: typeof addChat = (program, session, done) => {
  const load = () => import('./commands/threads.ts')
  const threads = program.command('threads').description('conversations')
  threads
    .command('list', { isDefault: true })
    .argument('[search]')
    .option('--limit <number>', 'how many', whole)
    .description('conversations, last used first')
    .action(async (search: string | undefined, options: { limit?: number }) =>
      done((await load()).listThreads(session(), { ...options, ...(search !== undefined && { search }) })),
    )
  threads
    .command('show')
    .argument('<id>')
    .option('--limit <number>', 'how many messages', whole)
    .description('one conversation')
    .action(async (id: string, options: { limit?: number }) => done((await load()).showThread(session(), { ...options, id })))
  threads
    .command('search')
    .argument('<words...>')
    .option('--limit <number>', 'how many', whole)
    .description('messages that hold these words; "exact words" in quotes')
    .action(async (words: string[], options: { limit?: number }) =>
      done((await load()).searchThreads(session(), { ...options, words: words.join(' ') })),
    )
  threads
    .command('export')
    .argument('<id>')
    .addOption(new Option('--format <format>').choices(['markdown', 'json']).default('markdown'))
    .option('--to <file>', 'a new file, instead of standard output')
    .description('a conversation as one document')
    .action(async (id: string, options: { format?: 'markdown' | 'json'; to?: string }) =>
      done((await load()).exportThread(session(), { ...options, id })),
    )
  threads
    .command('rm')
    .argument('<id>')
    .description('delete a conversation; its runs stay')
    .action(async (id: string) => done((await load()).removeThread(session(), { id })))
}
