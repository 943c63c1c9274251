import { Option } from 'commander'
import type { Command as Program } from 'commander'
import { LifeOsError } from '@life-os/contract'
import type { Exit } from './output/exit.ts'
import type { SetSecretOptions } from './commands/secrets.ts'
import type { Session } from './session.ts'

const list = (value: string, before: string[] = []): string[] => [...before, value]

/** `lifeos secrets …`. There is no option for a value: what stands on a command line can be read by other programs. */
export function addSecrets(program: Program, session: () => Session, done: (work: Promise<Exit | undefined>) => Promise<void>): void {
  const load = () => import('./commands/secrets.ts')
  const secrets = program.command('secrets').description('secrets that Life-OS adds to requests, and shows nowhere')
  secrets
    .command('list')
    .description('names, places and last use')
    .action(async () => done((await load()).listSecrets(session(), {})))
  secrets
    .command('set')
    .argument('<name>', 'small letters, digits and dashes')
    .description('keep a secret; its value is asked for, or read from standard input')
    .addOption(new Option('--kind <kind>', 'default token').choices(['token', 'basic', 'oauth2']))
    .option('--host <host:port>', 'a place it may be sent to, like api.example.org:443; repeat for more', list)
    .option('--title <text>', 'what you recognise it by')
    .option('--user <name>', 'of kind basic')
    .option('--token-url <url>', 'of kind oauth2: where the refresh token is used')
    .option('--client-id <id>', 'of kind oauth2')
    .option('--client-secret', 'of kind oauth2: ask for one too (the second line of standard input)')
    .option('--scope <scope>', 'of kind oauth2')
    .allowExcessArguments() // the refusal is ours: that of the library repeats what was given
    .action(async (name: string, options: Omit<SetSecretOptions, 'name'>, command: Program) => {
      if (command.args.length > 1) throw valueOnCommandLine()
      return done((await load()).setSecret(session(), { ...options, name }))
    })
  secrets
    .command('remove')
    .argument('<name>')
    .description('forget a secret')
    .action(async (name: string) => done((await load()).removeSecret(session(), { name })))
  secrets
    .command('rotate')
    .description('seal every secret under a new key')
    .action(async () => done((await load()).rotateSecrets(session(), {})))
}

const valueOnCommandLine = (): LifeOsError =>
  new LifeOsError(
    'input-invalid',
    'Leave the value out of the command line, where other programs can read it: it is asked for, or pipe it in. Change it if it was a real one.',
  )
