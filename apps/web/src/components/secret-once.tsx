import { Copy } from 'lucide-react'
import { reportDone } from '../lib/report.ts'
import { Button } from './button.tsx'

/** Something that is shown once. */
export function SecretOnce({ label, value, help }: { label: string; value: string; help: string }) {
  return (
    <div className="flex flex-col gap-2 p-4">
      <p className="font-medium">{label}</p>
      <div className="flex gap-2">
        <output className="mono min-w-0 flex-1 break-all rounded-control border border-line bg-sunken px-2.5 py-1.5 text-12">
          {value}
        </output>
        <Button icon={Copy} onClick={() => void navigator.clipboard.writeText(value).then(() => reportDone('Copied.'))}>
          Copy
        </Button>
      </div>
      <p className="text-12 text-ink-faint">{help}</p>
    </div>
  )
}
