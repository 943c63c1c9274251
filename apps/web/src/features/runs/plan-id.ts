/** A plan's id from its name: lower-case words joined by `-`; empty when the name holds no letter to begin with. */
export function planIdFrom(name: string): string {
  return name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+|-+$/g, '')
}
