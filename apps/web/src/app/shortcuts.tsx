import { Dialog } from '../components/dialog.tsx'
import { Keys } from '../components/keys.tsx'
import { useActionList } from '../lib/actions.tsx'

const LISTS = [
  { name: 'Move in a list', keys: ['arrowup', 'arrowdown'] },
  { name: 'Tick or untick', keys: ['Space'] },
  { name: 'Tick a stretch', keys: ['shift+Space'] },
  { name: 'Open', keys: ['enter'] },
  { name: 'Fold or unfold a group', keys: ['←', '→'] },
]

/** Every shortcut that works here and now, from the same objects that perform them. */
export default function Shortcuts({ onClose }: { onClose: () => void }) {
  const actions = useActionList().filter((action) => action.shortcut)
  const groups = [...new Set(actions.map((action) => action.group))]
  return (
    <Dialog
      open
      onOpenChange={(open) => open || onClose()}
      title="Keyboard shortcuts"
      description="Those of the page you are on come first."
      wide
      readable
    >
      <div className="columns-2 gap-8 p-4 phone:columns-1">
        {groups.map((group) => (
          <List
            key={group}
            name={group}
            items={actions
              .filter((action) => action.group === group)
              .map((action) => ({ name: action.name, keys: [action.shortcut ?? '', ...(action.aliases ?? [])] }))}
          />
        ))}
        <List name="Lists" items={LISTS} />
      </div>
    </Dialog>
  )
}

function List({ name, items }: { name: string; items: readonly { name: string; keys: readonly string[] }[] }) {
  return (
    <section className="mb-5 break-inside-avoid">
      <h3 className="eyebrow mb-1">{name}</h3>
      <ul>
        {items.map((item) => (
          <li key={item.name} className="flex h-8 items-center justify-between gap-4 border-b border-line/60">
            <span className="truncate">{item.name}</span>
            <span className="flex shrink-0 items-center">
              {item.keys.map((keys) => (
                <span key={keys}>
                  <span className="sr-only">{keys}</span>
                  <Keys shortcut={keys} className="touch:inline-flex phone:inline-flex" />
                </span>
              ))}
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}
