import { ChevronRight } from 'lucide-react'
import type { ReactNode } from 'react'
import { count, homePath } from '../../lib/format.ts'
import { Badge } from '../badge.tsx'
import { DiffView } from '../diff/diff-view.tsx'
import { GLYPH } from '../glyphs.ts'
import { Icon } from '../icon.tsx'
import { commandLine, diffFiles, looksLikeDiff } from './command-line.ts'
import type { Command } from './command-line.ts'
import { highlight, languageOf } from './highlight.ts'
import type { Ink } from './highlight.ts'

const INK: Record<Ink, string> = {
  plain: '',
  word: 'text-accent-text',
  text: 'text-add',
  note: 'text-ink-faint',
  number: 'text-change',
}

/** One command before it runs: its line, its script, and everything that it may touch. */
export function CommandCard({ command }: { command: Command }) {
  return (
    <section aria-label="Command" className="flex flex-col gap-3">
      {command.sandboxed ? null : <Unboxed />}
      <div className="overflow-hidden rounded-card border border-line">
        <pre tabIndex={0} className="mono overflow-auto whitespace-pre-wrap break-all bg-sunken px-3 py-2.5 text-12 leading-5 font-medium">
          <span aria-hidden className="select-none text-ink-faint">
            ${' '}
          </span>
          {commandLine(command.program, command.args)}
        </pre>
        {command.script === undefined ? null : <Script program={command.program} text={command.script} />}
      </div>
      {command.shows ? <Shows {...command.shows} /> : null}
      <dl className="grid grid-cols-[88px_1fr] gap-x-3 gap-y-1.5 text-12">
        <Fact name="Box">
          {command.sandboxed ? (
            <span className="inline-flex items-center gap-1">
              <Icon of={GLYPH.boxed} size={14} className="text-add" />
              shut in a box of its own
            </span>
          ) : (
            <span className="font-medium text-final">none: it has your own power</span>
          )}
        </Fact>
        {command.cwd === undefined ? null : (
          <Fact name="Runs in">
            <span className="mono break-all">{homePath(command.cwd)}</span>
          </Fact>
        )}
        <Fact name="Folders">
          {command.mounts.length === 0 ? (
            command.sandboxed ? (
              'none of yours'
            ) : (
              'all that you can reach'
            )
          ) : (
            <ul className="flex flex-col gap-1">
              {command.mounts.map((mount) => (
                <li key={`${mount.access}:${mount.path}`} className="flex flex-wrap items-center gap-1.5">
                  <Badge tone={mount.access === 'write' ? 'change' : 'plain'}>{mount.access === 'write' ? 'may change' : 'may read'}</Badge>
                  <span className="mono break-all">{homePath(mount.path)}</span>
                </li>
              ))}
            </ul>
          )}
        </Fact>
        <Fact name="Network">
          {command.network.length === 0 ? (
            command.sandboxed ? (
              'none'
            ) : (
              'all of it'
            )
          ) : (
            <span className="mono break-all">{command.network.join(', ')}</span>
          )}
        </Fact>
        {command.secrets.length > 0 ? (
          <Fact name="Secrets">
            <span className="flex flex-wrap items-center gap-1">
              {command.secrets.map((name) => (
                <Badge key={name} tone="private" icon={GLYPH.secret}>
                  {name}
                </Badge>
              ))}
              <span className="text-ink-faint">added on the way out; it never sees them</span>
            </span>
          </Fact>
        ) : null}
        {command.stdin === undefined ? null : (
          <Fact name="Is given">
            <span className="mono break-all" title={command.stdin}>
              {command.stdin.slice(0, 12)}
            </span>{' '}
            on its standard input
          </Fact>
        )}
      </dl>
    </section>
  )
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-ink-faint">{name}</dt>
      <dd className="min-w-0">{children}</dd>
    </>
  )
}

function Unboxed() {
  return (
    <p role="alert" className="flex gap-2 rounded-control bg-final-soft p-2.5 text-final">
      <Icon of={GLYPH.unboxed} className="mt-0.5" />
      <span>
        <b className="font-semibold">Not sandboxed.</b> This machine cannot shut commands in, so this one could read and change everything
        that you can. Allow it only when you know every word of it.
      </span>
    </p>
  )
}

function Script({ program, text }: { program: string; text: string }) {
  const lines = text.split('\n').length
  return (
    <details open={lines <= 12} className="group border-t border-line">
      <summary className="flex cursor-pointer list-none items-center gap-1.5 px-3 py-1.5 text-12 text-ink-faint hover:text-ink">
        <Icon of={ChevronRight} size={12} className="group-open:rotate-90" />
        Script, {count(lines, 'line')}
      </summary>
      <pre tabIndex={0} className="mono max-h-96 overflow-auto border-t border-line px-3 py-2 text-12 leading-5">
        {highlight(text, languageOf(program)).map((piece, index) => (
          <span key={index} className={INK[piece.ink]}>
            {piece.text}
          </span>
        ))}
      </pre>
    </details>
  )
}

/** What a companion command said just before: drawn as a diff when it is one. */
function Shows({ command, text }: { command: string; text: string }) {
  const files = looksLikeDiff(text) ? diffFiles(text) : []
  return (
    <div className="flex flex-col gap-1.5">
      <p className="text-12 text-ink-faint">
        <span className="mono">{command}</span> says
      </p>
      {files.length > 0 ? (
        files.slice(0, 50).map((file, index) => (
          <div key={index} className="flex flex-col gap-1">
            {file.name ? <span className="mono break-all text-12 font-medium">{file.name}</span> : null}
            <DiffView diff={file.diff} label={`What changes in ${file.name || 'a file'}`} />
          </div>
        ))
      ) : (
        <pre tabIndex={0} className="mono max-h-72 overflow-auto rounded-card border border-line bg-sunken px-3 py-2 text-12">
          {text || 'nothing'}
        </pre>
      )}
    </div>
  )
}
