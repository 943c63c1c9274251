/** A small line over equal steps; nothing when there is nothing to compare. */
export function Sparkline({
  values,
  label,
  width = 96,
  height = 20,
}: {
  values: readonly number[]
  label: string
  width?: number
  height?: number
}) {
  const top = Math.max(...values)
  if (values.length < 2 || top === 0) return null
  const x = (index: number): number => (index / (values.length - 1)) * (width - 4) + 2
  const y = (value: number): number => height - 3 - (value / top) * (height - 6)
  const points = values.map((value, index) => `${x(index).toFixed(1)},${y(value).toFixed(1)}`).join(' ')
  return (
    <svg role="img" aria-label={label} width={width} height={height} className="text-accent-text">
      <polyline points={`2,${height - 2} ${points} ${width - 2},${height - 2}`} className="fill-accent-soft" />
      <polyline points={points} fill="none" stroke="currentColor" strokeWidth="1.5" strokeLinejoin="round" />
    </svg>
  )
}
