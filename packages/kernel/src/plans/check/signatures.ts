import { environment } from '../expressions/environment.ts'
import { BOOL, DYN, INT, listOf, NULL, NUMBER, TEXT, type Type } from './types.ts'

export interface Signature {
  receiver: Type | undefined
  parameters: readonly Type[]
  returns: Type
}

let table: ReadonlyMap<string, readonly Signature[]> | undefined

/** The overloads of a function or method, read from the environment that runs them, so that the two cannot disagree. */
export function signaturesOf(name: string, method: boolean): readonly Signature[] {
  table ??= read()
  return table.get(key(name, method)) ?? []
}

const key = (name: string, method: boolean): string => `${method ? '.' : ''}${name}`

function read(): ReadonlyMap<string, readonly Signature[]> {
  const found = new Map<string, Signature[]>()
  for (const { name, receiverType, returnType, params } of environment().getDefinitions().functions) {
    if (params.some((parameter) => parameter.type === 'ast')) continue // macros have rules of their own
    const signature = {
      receiver: receiverType ? typeNamed(receiverType) : undefined,
      parameters: params.map((parameter) => typeNamed(parameter.type)),
      returns: typeNamed(returnType),
    }
    const place = key(name, receiverType !== null)
    found.set(place, [...(found.get(place) ?? []), signature])
  }
  return found
}

/** A type as CEL names it. */
function typeNamed(name: string): Type {
  switch (name) {
    case 'string':
      return TEXT
    case 'int':
    case 'uint':
      return INT
    case 'double':
      return NUMBER
    case 'bool':
      return BOOL
    case 'null':
      return NULL
    case 'bytes':
      return { kind: 'bytes' }
    case 'type':
      return { kind: 'type' }
    case 'google.protobuf.Timestamp':
      return { kind: 'time' }
    case 'google.protobuf.Duration':
      return { kind: 'span' }
  }
  const list = /^list<(.+)>$/.exec(name)
  if (list?.[1]) return listOf(typeNamed(list[1]))
  if (name === 'list') return listOf(DYN)
  return /^map\b/.test(name) ? { kind: 'map', of: DYN } : DYN
}
