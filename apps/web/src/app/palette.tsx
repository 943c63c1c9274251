import { Command, defaultFilter } from 'cmdk'
import { Search } from 'lucide-react'
import { Dialog } from 'radix-ui'
import { useState } from 'react'
import { GLYPH } from '../components/glyphs.ts'
import { Icon } from '../components/icon.tsx'
import { Keys } from '../components/keys.tsx'
import { useActionList } from '../lib/actions.tsx'
import type { TypedAhead } from '../lib/typed-ahead.ts'
import { Group, Item } from './palette-item.tsx'
import { Records, useRecordsLoading } from './palette-records.tsx'

/** Every page, action, plan, agent, conversation, tool and recent run, by a few letters of its name. */
export default function Palette({ typed, onClose }: { typed: TypedAhead; onClose: () => void }) {
  const [search, setSearch] = useState(() => typed.take())
  const inOrder = useInOrder()
  const actions = useActionList().filter((action) => action.id !== 'palette')
  const late = ['Life-OS', 'Appearance']
  const early = [...new Set(['This page', ...actions.map((action) => action.group)])].filter((group) => !late.includes(group))
  const perform = (act: () => unknown): void => {
    onClose()
    // The dialog gives the focus back first; what is performed may open another one.
    setTimeout(act, 0)
  }
  const actionGroup = (group: string) => {
    const items = actions.filter((action) => action.group === group)
    return items.length === 0 ? null : (
      <Group key={group} name={group}>
        {items.map((action) => (
          <Item
            key={action.id}
            value={`${action.name} ${action.keywords ?? ''} ${action.id}`}
            icon={action.icon ?? GLYPH.run}
            onSelect={() => perform(action.perform)}
            {...(action.grave && { grave: true })}
            tail={action.shortcut ? <Keys shortcut={action.shortcut} /> : null}
          >
            {action.name}
          </Item>
        ))}
      </Group>
    )
  }
  return (
    <Dialog.Root open onOpenChange={(open) => open || onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 bg-scrim" />
        <Dialog.Content
          aria-describedby={undefined}
          className="panel-in fixed left-1/2 top-[12vh] z-50 w-[min(640px,calc(100vw-24px))] -translate-x-1/2 overflow-hidden rounded-card border border-line bg-raised shadow-float outline-none phone:top-3"
        >
          <Dialog.Title className="sr-only">Find anything</Dialog.Title>
          <Command key={inOrder.key} label="Find anything" loop filter={fits} onKeyDown={inOrder.moved} onPointerMove={inOrder.moved}>
            <div className="flex items-center gap-2 border-b border-line px-3.5">
              <Icon of={Search} className="text-ink-faint" />
              <Command.Input
                autoFocus
                ref={caretToEnd}
                value={search}
                onValueChange={setSearch}
                placeholder="Find a page, plan, agent, conversation, tool, run or action"
                className="h-11 flex-1 bg-transparent text-14 outline-none phone:text-16"
              />
            </div>
            <Command.List className="max-h-[min(440px,60vh)] overflow-auto p-1.5">
              <Command.Empty className="px-3 py-8 text-center text-ink-faint">Nothing has that name.</Command.Empty>
              {early.map(actionGroup)}
              <Records onOpen={perform} />
              {late.map(actionGroup)}
            </Command.List>
          </Command>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  )
}

/** Every word that was typed stands in it, whole or as a part of a word: letters strewn over a long description find nothing that was meant. */
function fits(value: string, search: string): number {
  const low = value.toLowerCase()
  const words = search.toLowerCase().split(/\s+/)
  return words.every((word) => low.includes(word)) ? Math.max(0.01, defaultFilter(value, search)) : 0
}

/** A field that is made anew with words in it is typed on at their end. */
const caretToEnd = (field: HTMLInputElement | null): void => field?.setSelectionRange(field.value.length, field.value.length)

const MOVES = new Set(['ArrowDown', 'ArrowUp', 'Home', 'End'])

/**
 * The list sorts itself, and picks its first entry, when the words change; what arrives later is put at the end of it. So it is made
 * anew once everything is there, unless the person has picked something by then.
 */
function useInOrder(): { key: string; moved: (event: React.KeyboardEvent | React.PointerEvent) => void } {
  const loading = useRecordsLoading()
  const [early, setEarly] = useState(loading)
  const [picked, setPicked] = useState(false)
  if (early && !loading && !picked) setEarly(false)
  return {
    key: early ? 'early' : 'whole',
    moved(event) {
      if (!('key' in event) || MOVES.has(event.key)) setPicked(true)
    },
  }
}
