import { Octagon, WifiOff } from 'lucide-react'
import { Button } from '../components/button.tsx'
import { Icon } from '../components/icon.tsx'
import { useStop } from './use-stop.ts'

/** Says on every page that nothing acts, and how to go on. */
export function StopBand() {
  const { stopped, lift, busy } = useStop()
  if (!stopped) return null
  return (
    <div role="alert" className="flex shrink-0 items-center gap-2 border-b border-line bg-final-soft px-4 py-1.5 text-final">
      <Icon of={Octagon} />
      <p className="min-w-0 flex-1">
        <b className="font-semibold">Emergency stop.</b> No new effect happens until you lift it.
      </p>
      <Button busy={busy} onClick={lift}>
        Lift the stop
      </Button>
    </div>
  )
}

export function OfflineBand() {
  return (
    <div role="status" className="flex shrink-0 items-center gap-2 border-b border-line bg-change-soft px-4 py-1.5 text-change">
      <Icon of={WifiOff} />
      <p>
        <b className="font-semibold">Life-OS does not answer.</b> You see what it said last. Runs go on by themselves once it is up; trying
        again …
      </p>
    </div>
  )
}
