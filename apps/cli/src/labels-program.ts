import { Argument } from 'commander'
import type { Command as Program } from 'commander'
import type { Label } from '@life-os/contract'
import type { Exit } from './output/exit.ts'
import { whole } from './output/whole.ts'
import type { Session } from './session.ts'

/** What is private, and what came from outside. */
export function addLabels(program: Program, session: () => Session, done: (work: Promise<Exit | undefined>) => Promise<void>): void {
  const load = () => import('./commands/labels.ts')
  const label = program.command('label').description('what is private, and what came from outside')
  label
    .command('list', { isDefault: true })
    .argument('[search]')
    .description('labelled folders and files, with where the labels came from')
    .option('--limit <number>', 'how many files', whole)
    .action(async (search: string | undefined, options: object) =>
      done((await load()).listLabels(session(), { ...options, ...(search !== undefined && { search }) })),
    )
  label
    .command('set')
    .argument('<path>', 'a folder, with all below it, or a file')
    .addArgument(new Argument('<labels...>').choices(['private', 'untrusted']))
    .description('private data leaves only to places you name; untrusted content leads to nothing grave without you')
    .action(async (path: string, labels: Label[]) => done((await load()).setLabels(session(), { path, labels })))
  label
    .command('clear')
    .argument('<path>')
    .description("take a folder's rule away, or say that a file with its present content is harmless")
    .action(async (path: string) => done((await load()).setLabels(session(), { path, labels: [] })))
}
